import { type Harness as SharedHarness, startHarness as startSharedHarness } from '../../shared/test/harness.ts'
import { boilerplate } from '../src/boilerplate.ts'
import type { Config } from '../src/config.ts'

export type Harness = SharedHarness<Config>

/** Starts the app against a simulator over HTTP. */
export function startHarness(): Promise<Harness> {
  return startSharedHarness(boilerplate)
}
