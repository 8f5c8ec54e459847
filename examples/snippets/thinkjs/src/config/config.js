module.exports = { port: Number(process.env.PORT ?? 8360), workers: Number(process.env.WORKERS ?? 1) }
