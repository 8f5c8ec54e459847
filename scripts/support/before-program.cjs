// Runs the code that a page shows under "Before" with the real package, and calls its exports as the parent asks.
const { createServer } = require('node:http')

const code = require(process.argv[2])
const plain = (value) => (value instanceof URL ? value.href : value)

process.on('message', async ({ id, name, args }) => {
  try {
    if (args) return process.send({ id, value: plain(await code[name](...args)) })
    if (name === 'nestApp') {
      const app = await code.nestApp()
      await app.listen(0, '127.0.0.1')
      return process.send({ id, value: await app.getUrl() })
    }
    const server = createServer(code[name])
    server.listen(0, '127.0.0.1', () => process.send({ id, value: `http://127.0.0.1:${server.address().port}` }))
  } catch (error) {
    process.send({ id, error: `${error?.name}: ${error?.message ?? JSON.stringify(error)}` })
  }
})
process.send({ exports: Object.keys(code) })
