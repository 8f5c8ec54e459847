// Runs the rows of one client, `node program.cjs tenpay`, and prints what each came to as a line of JSON.
// A row is [what, call, expected value or pattern]; rows run in their order, one after the other.
const { inspect } = require('node:util')

const isExpected = (value, expected) =>
  expected instanceof RegExp ? typeof value === 'string' && expected.test(value) : value === expected

async function run(name) {
  const rows = await require(`./${name}.cjs`)()
  for (const [what, call, expected] of rows) {
    const line = { what, ok: false, got: '' }
    try {
      const value = await call()
      line.ok = isExpected(value, expected)
      if (!line.ok) line.got = `${inspect(value).slice(0, 300)} instead of ${expected}`
    } catch (error) {
      line.got = `${String(error?.code ?? '')} ${String(error?.message ?? inspect(error)).slice(0, 300)}`
    }
    console.log(JSON.stringify(line))
  }
}

run(process.argv[2]).then(
  () => process.exit(),
  (error) => {
    console.error(error)
    process.exit(1)
  }
)
