/** One endpoint of Geetest. */
export interface GeetestEndpoint {
  readonly host: string
  readonly method: 'GET' | 'POST'
  readonly path: string
}

/** Sources: GeeTeam, "gt3-server-node-express-sdk" and "gt3-server-node-express-bypass". */
export const ENDPOINTS = {
  register: { host: 'api.geetest.com', method: 'GET', path: '/register.php' },
  validate: { host: 'api.geetest.com', method: 'POST', path: '/validate.php' },
  bypassStatus: { host: 'bypass.geetest.com', method: 'GET', path: '/v1/bypass_status.php' }
} as const satisfies Record<string, GeetestEndpoint>
