import { redirectConnections } from './redirect-connections.ts'

// A preload (`node --import weixin-kit/simulator/redirect app.js`): the only module with an effect on import.
const { WEIXIN_SIMULATOR: address, WEIXIN_SIMULATOR_HOSTS: hosts } = process.env
if (address && URL.canParse(address) && hosts) {
  const { hostname, port, protocol } = new URL(address)
  redirectConnections({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (protocol === 'https:' ? 443 : 80)),
    hosts: hosts.split(',')
  })
}
