// What a program of this folder knows: the accounts in its environment, and a person who acts over the control interface.
const { origin } = new URL(process.env.WEIXIN_BASE_URL)
let orders = 0

async function post(path, body) {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${origin}/-/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.error)
  return answer
}

/** A verb of a service, such as `pay/order`, or of the person: `users/ming/pay`. */
const steer = async (verb, ...args) => (await post(verb, args)).result

exports.steer = steer
exports.ming = (verb, ...args) => steer(`users/ming/${verb}`, ...args)
exports.wait = (ms) => post('advance', { ms })
exports.read = async (topic) => (await fetch(`${origin}/-/${topic}`)).json()
exports.number = () => `C${process.pid}x${Date.now()}x${++orders}`
exports.NOTIFY = 'http://127.0.0.1:1/notify'
exports.PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64'
)
/** The result of a method that takes a callback. */
exports.called = (client, method, ...args) =>
  new Promise((resolve, reject) => {
    client[method](...args, (error, result) => (error ? reject(error) : resolve(result)))
  })
