import type { Command } from './command.ts'

/** Commands by name. Each is loaded when it is called, so that `--help` is instant. */
export const COMMANDS: Readonly<Record<string, { readonly summary: string; load(): Promise<Command> }>> = {
  simulator: {
    summary: 'WeChat, WeChat Pay, Qiniu, Yunpian and Geetest on a loopback server',
    load: async () => (await import('./simulator-command.ts')).simulatorCommand
  },
  run: {
    summary: 'Run any program, of any language, against the simulator',
    load: async () => (await import('./run-command.ts')).runCommand
  },
  doctor: {
    summary: 'Check keys, certificates, serial numbers, the clock and the IP list, and say what to do',
    load: async () => (await import('./doctor.ts')).doctorCommand
  },
  sign: {
    summary: 'Explain a WeChat Pay v2 signature, and find what is wrong with it (签名错误)',
    load: async () => (await import('./sign-command.ts')).signCommand
  },
  cert: {
    summary: 'Show serial number, merchant id and expiry of a certificate',
    load: async () => (await import('./cert-command.ts')).certCommand
  }
}
