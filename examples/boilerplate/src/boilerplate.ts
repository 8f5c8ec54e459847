import type { AppDefinition } from '../../shared/app.ts'
import { createApp } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { WECHAT_API } from './paths.ts'
import { createServices } from './services.ts'

export const boilerplate: AppDefinition<Config> = {
  name: 'boilerplate',
  folder: new URL('../', import.meta.url),
  readConfig,
  gatewayPath: `${WECHAT_API}/wechat-mp/gateway`,
  build: (parts) => ({ listener: createApp({ ...parts, ...createServices(parts) }).callback() })
}
