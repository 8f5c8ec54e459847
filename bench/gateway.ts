import {
  buildReply,
  createMessageKey,
  decryptMessage,
  encryptMessage,
  isMessage,
  parseMessage
} from '../src/gateway/index.ts'
import type { BenchCase } from './case.ts'
import { serverCase } from './gateway-client.ts'
import * as floor from './gateway-floor.ts'

const MESSAGE = floor.messageWith('5994126741234567890')
const { ANSWER, appId, token } = floor
const account = { appId, token, encodingAESKey: createMessageKey(floor.encodingAESKey) }
const sample = floor.seal(MESSAGE)
const floorFields = floor.parse(MESSAGE)
const message = parseMessage(MESSAGE)
const REPLY = buildReply(message, ANSWER)

/** The pieces show where the time of the round trip goes; only the two wholes have a prescribed target. */
export const cases: BenchCase[] = [
  {
    name: 'piece: verify + decrypt',
    target: 0.9,
    floor: () => floor.open(sample),
    ours: () => decryptMessage(sample, account)
  },
  {
    name: 'piece: parse a text message',
    target: 0.3,
    floor: () => floor.parse(MESSAGE),
    ours: () => parseMessage(MESSAGE)
  },
  {
    name: 'piece: build a text reply',
    target: 0.3,
    floor: () => floor.build(floorFields, ANSWER),
    ours: () => buildReply(message, ANSWER)
  },
  {
    name: 'piece: encrypt + sign',
    target: 0.9,
    floor: () => floor.seal(REPLY),
    ours: () => encryptMessage(REPLY, account)
  },
  {
    name: 'crypto alone: verify, decrypt, encrypt, sign',
    target: 0.9,
    floor: () => {
      floor.open(sample)
      return floor.seal(REPLY)
    },
    ours: () => {
      decryptMessage(sample, account)
      return encryptMessage(REPLY, account)
    }
  },
  {
    name: 'round trip: verify, decrypt, parse, build, encrypt, sign',
    target: 0.75,
    floor: () => floor.seal(floor.build(floor.parse(floor.open(sample)), ANSWER)),
    ours: () => {
      const received = parseMessage(decryptMessage(sample, account))
      if (!isMessage(received, 'text')) throw new Error('type')
      return encryptMessage(buildReply(received, ANSWER), account)
    }
  },
  // By a server without dedupe, deadline and error handling: what all of that costs.
  serverCase('gateway.handler() behind node:http / raw server', 'raw', 0.85)
]
