module.exports = (app) => {
  app.router.post('/orders', async (ctx) => {
    ctx.body = { received: ctx.request.body }
  })
}
