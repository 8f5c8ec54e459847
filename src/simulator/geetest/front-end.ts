import { failbackValidate, validateOf } from '../crypto/geetest.ts'
import { CAPTCHA_LIFE_MS, type GeetestState } from './state.ts'

const MAX_SOLUTIONS = 10

/** What a page posts after the captcha. */
export interface GeetestSolution {
  readonly geetest_challenge: string
  readonly geetest_validate: string
  readonly geetest_seccode: string
}

/** How a person solves a captcha. */
export interface SolveOptions {
  /** The person gives up or is a robot: the fields have the right form and are wrong. */
  readonly wrong?: boolean | undefined
  /** What the offline front end returns as validate: of SDK 3.0 (default) md5 of the challenge, of 3.1 the challenge. */
  readonly offline?: '3.0' | '3.1' | undefined
}

/**
 * What the browser side of Geetest does: solves a captcha. A challenge that Geetest does not know is solved as the page
 * does it offline (宕机模式).
 */
export function solveCaptcha(state: GeetestState, challenge: string, options: SolveOptions = {}): GeetestSolution {
  const { random, clock, accounts } = state.context
  const captcha = state.captchas.get(challenge)
  const account = captcha && accounts.geetest.find(({ captchaId }) => captchaId === captcha.captchaId)
  if (!captcha || !account) {
    const validate = options.offline === '3.1' ? challenge : failbackValidate(challenge)
    const shown = options.wrong ? random.hex(32) : validate
    return { geetest_challenge: challenge, geetest_validate: shown, geetest_seccode: `${shown}|jordan` }
  }
  // The page returns the challenge with two more characters.
  const returned = `${challenge}${random.hex(2)}`
  if (options.wrong || clock.now() - captcha.registeredAt >= CAPTCHA_LIFE_MS) {
    const validate = random.hex(32)
    return { geetest_challenge: returned, geetest_validate: validate, geetest_seccode: `${validate}|jordan` }
  }
  const validate = validateOf(account.privateKey, returned)
  const seccode = `${validate}|jordan`
  // One captcha may be solved again and again; what counts is one of the latest.
  if (captcha.solutions.length >= MAX_SOLUTIONS) captcha.solutions.shift()
  captcha.solutions.push({ challenge: returned, seccode })
  state.seccodes.set(seccode, challenge)
  return { geetest_challenge: returned, geetest_validate: validate, geetest_seccode: seccode }
}

/**
 * A stand-in for the page script `gt.js` with the part of its interface that pages use: a button instead of a puzzle. `origin`
 * is where the browser reaches the simulated api.geetest.com.
 */
export function pageScript(origin: string): string {
  return `;(function () {
  window.initGeetest = function (config, ready) {
    var handlers = {}
    var solution
    function run(name, value) { (handlers[name] || []).forEach(function (handler) { handler(value) }) }
    var button = document.createElement('button')
    button.type = 'button'
    button.className = 'geetest_simulated'
    button.textContent = '点击按钮进行验证 (simulator)'
    function solve() {
      fetch(${JSON.stringify(origin)} + '/simulator/solve?challenge=' + encodeURIComponent(config.challenge))
        .then(function (response) { return response.json() })
        .then(function (fields) {
          solution = fields
          button.textContent = '验证成功 (simulator)'
          run('success')
        })
        .catch(function (error) { run('error', error) })
    }
    button.onclick = solve
    var captcha = {
      appendTo: function (place) {
        var parent = typeof place === 'string' ? document.querySelector(place) : place
        parent.appendChild(button)
        run('ready')
        return captcha
      },
      bindForm: function () { return captcha },
      verify: solve,
      getValidate: function () { return solution || false },
      reset: function () { solution = undefined; button.textContent = '点击按钮进行验证 (simulator)' },
      destroy: function () { button.remove() }
    }
    ;['Ready', 'Success', 'Error', 'Close', 'Fail'].forEach(function (name) {
      captcha['on' + name] = function (handler) {
        var key = name.toLowerCase()
        ;(handlers[key] = handlers[key] || []).push(handler)
        return captcha
      }
    })
    ready(captcha)
    setTimeout(function () { run('ready') })
  }
})()
`
}
