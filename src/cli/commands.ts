import type { Command } from './command.ts'

/** Commands by name. Each loads when it is called, so that `--help` is instant. */
export const COMMANDS: Readonly<Record<string, { readonly summary: string; load(): Promise<Command> }>> = {
  simulator: {
    summary: 'WeChat, WeChat Pay, Qiniu, Yunpian and Geetest on a loopback server',
    load: async () => (await import('./simulator-command.ts')).simulatorCommand
  }
}
