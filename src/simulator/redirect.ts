import { redirectConnections } from './redirect-connections.ts'

// A preload (`node --import weixin-kit/simulator/redirect app.js`): the one module that acts when it is imported.
const { WEIXIN_SIMULATOR: address, WEIXIN_SIMULATOR_HOSTS: hosts } = process.env
if (address && URL.canParse(address) && hosts) {
  const { hostname, port, protocol } = new URL(address)
  redirectConnections({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (protocol === 'https:' ? 443 : 80)),
    hosts: hosts.split(',')
  })
}
