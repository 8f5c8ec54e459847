module.exports = class AppBootHook {
  constructor(app) {
    this.app = app
  }

  configWillLoad() {
    // In front of bodyParser and of the csrf check: signatures cover the raw bytes, and WeChat has no csrf token.
    this.app.config.coreMiddleware.unshift('wechat')
  }
}
