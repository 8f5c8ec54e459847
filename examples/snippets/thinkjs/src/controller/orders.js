module.exports = class extends think.Controller {
  indexAction() {
    return this.json({ received: this.post() })
  }
}
