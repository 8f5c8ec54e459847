import { type ChildProcess, spawn } from 'node:child_process'
import { bundleProgram } from '../../../test/support/bundle-program.ts'

export interface AppProcess {
  /** Ends it as a power cut would. */
  kill(): Promise<void>
  /** Asks it to end, as a process manager does; answers its exit code. */
  stop(): Promise<number | null>
  output(): string
}

/** Starts an app in a process of its own and waits until it says that it listens. */
export async function startProcess(main: string, environment: NodeJS.ProcessEnv): Promise<AppProcess> {
  const child: ChildProcess = spawn(process.execPath, [await bundleProgram(main)], {
    env: { PATH: process.env.PATH, NODE_ENV: 'test', ...environment },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let output = ''
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return new Promise((resolve, reject) => {
    void ended.then((code) => reject(new Error(`The app ended with ${code}:\n${output}`)))
    const read = (chunk: Buffer) => {
      output += chunk
      if (!output.includes('listens on')) return
      resolve({
        output: () => output,
        kill: async () => {
          child.kill('SIGKILL')
          await ended
        },
        stop: () => {
          child.kill('SIGTERM')
          return ended
        }
      })
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
  })
}
