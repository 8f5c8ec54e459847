import { browserUsers, rememberedUser, userCookie } from '../../framework/browser-user.ts'
import { isForeignForm } from '../../framework/cross-origin.ts'
import type { Exchange } from '../../framework/exchange.ts'
import { escapeHtml, htmlPage, userChoice } from '../../framework/page.ts'
import { type Route, route } from '../../framework/service.ts'
import type { ContractDraft } from '../ledger/contract.ts'
import { MINUTE_MS } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { EntrustProblem, readEntrustLink } from './entrust-link.ts'

/** Called by merchants, other than the pages. */
export const H5_SIGN_PATHS = ['/papay/h5entrustweb', '/papay/partner/h5entrustweb']
const TITLE = '委托代扣签约 · Contract'

/** The pages on which a browser signs a contract (公众号签约). */
export function entrustPageRoutes(world: PayWorld): Route[] {
  const answer = (isPartner: boolean) => (exchange: Exchange) => page(world, exchange, isPartner)
  return [...h5Routes(world), ...entrustWebRoutes(answer)]
}

function entrustWebRoutes(answer: (isPartner: boolean) => (exchange: Exchange) => Promise<Response>): Route[] {
  return ['/papay/entrustweb', '/papay/partner/entrustweb'].flatMap((path) => {
    const handler = answer(path.includes('/partner/'))
    return [route('GET', path, handler), route('POST', path, handler)]
  })
}

/** H5 纯签约: a page for a browser outside WeChat. The response is not signed. */
function h5Routes(world: PayWorld): Route[] {
  return H5_SIGN_PATHS.map((path) => route('GET', path, (exchange) => h5(world, exchange, path.includes('/partner/'))))
}

function h5(world: PayWorld, exchange: Exchange, isPartner: boolean): Response {
  try {
    const draft = readEntrustLink(world, Object.fromEntries(exchange.query), 'h5', isPartner)
    exchange.account = draft.mchId
    exchange.verified(`sign ${draft.signType} of the query`)
    const { clock, random } = world.context
    const token = random.text(64)
    world.contracts.offers.add({ token, draft, expiresAt: clock.now() + 10 * MINUTE_MS })
    const url = `https://payapp.weixin.qq.com/papay/sign?pre_entrustweb_id=${token}`
    return xml({ return_code: 'SUCCESS', result_code: 'SUCCESS', redirect_url: url })
  } catch (error) {
    if (!(error instanceof EntrustProblem)) throw error
    exchange.refused(error.message)
    return xml({ return_code: 'FAIL', return_msg: error.message })
  }
}

function xml(fields: Readonly<Record<string, string>>): Response {
  const content = Object.entries(fields).map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`)
  return new Response(`<xml>${content.join('')}</xml>`, { headers: { 'content-type': 'text/xml; charset=utf-8' } })
}

async function page(world: PayWorld, exchange: Exchange, isPartner: boolean): Promise<Response> {
  try {
    const draft = readEntrustLink(world, Object.fromEntries(exchange.query), 'web', isPartner)
    exchange.account = draft.mchId
    exchange.verified(`sign ${draft.signType} of the link`)
    const known = world.contracts.byCode(draft.mchId, draft.planId, draft.code)
    if (known && !known.ended) return result('已签约 · Signed already')
    if (exchange.method === 'GET') return consent(world, exchange, draft)
    if (isForeignForm(world.context, exchange)) {
      return result('请重新打开本页 · Another site sent this form', 403)
    }
    const form = exchange.form()
    if (form.get('simulator_decision') !== 'sign') return result('未签约 · Not signed')
    const user = world.context.users.byId(form.get('simulator_user') ?? '') ?? browserUsers(world.context.users)[0]
    if (!user) throw new EntrustProblem('nobody is here')
    world.contracts.sign(draft, user)
    await world.context.clock.settle()
    return result('签约成功 · Signed', 200, { 'set-cookie': userCookie(user) })
  } catch (error) {
    if (!(error instanceof EntrustProblem)) throw error
    exchange.refused(error.message)
    return result(error.message, 400)
  }
}

function consent(world: PayWorld, exchange: Exchange, draft: ContractDraft): Response {
  const { users, accounts } = world.context
  const known = rememberedUser(users, exchange)
  const choices = (known ? [known] : browserUsers(users)).map(({ id, profile }) => ({ id, nickname: profile.nickname }))
  const rows: readonly [string, string][] = [
    ['商户 · Merchant', accounts.merchant(draft.mchId)?.name ?? draft.mchId],
    ['账户 · Account', draft.displayAccount],
    ['模板 · Plan', draft.planId],
    ['协议号 · Contract', draft.code]
  ]
  // With an action of its own the form leaves #wechat_redirect behind.
  return htmlPage(
    TITLE,
    `<div class="mark" aria-hidden="true">¥</div><h1>开通免密扣款 · Deductions without a password</h1>
<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>
<form method="post" action="${escapeHtml(exchange.url.search)}">${userChoice(choices)}
<button class="yes" name="simulator_decision" value="sign">同意 · Sign</button>
<button class="no" name="simulator_decision" value="refuse">取消 · Cancel</button></form>`
  )
}

function result(text: string, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  const mark = status === 200 ? '✓' : '!'
  return htmlPage(TITLE, `<div class="mark" aria-hidden="true">${mark}</div><h1>${escapeHtml(text)}</h1>`, {
    status,
    headers
  })
}
