module.exports = () => ({ keys: process.env.EGG_KEYS ?? 'change me' })
