import { Router } from 'express'
import { toExpressHandler } from 'weixin-kit/express'
import { onOwnAddress } from '../../../shared/express-app.ts'
import { storableText } from '../../../shared/storable-text.ts'
import type { Context } from '../app.ts'
import { AppError } from '../error-codes.ts'
import { GATEWAY_PATH, NOTIFY_PATH, REFUND_NOTIFY_PATH } from '../services.ts'

const AUTHORIZE_PATH = '/extensions/wx/user/authorize/'
const CODE_OF_FAILURE = { return_path: 1202, denied: 1103, state: 1103, exchange: 1800, snapshot: 1103 } as const

/** Everything that WeChat or a browser on its way back from WeChat calls: raw bodies, verified by the library. */
export function callbackRoutes(context: Context): Router {
  const { mp, pay, gateway, orders, refunds, wxUsers, userSessions, config, log } = context
  const router = Router()

  const login = mp.oauth.loginHandlers({
    redirectUri: `${config.PUBLIC_URL}${AUTHORIZE_PATH}callback/`,
    scope: 'snsapi_userinfo',
    // The document calls the path to return to `state`; WeChat's own state is made and checked by the library.
    returnToParam: 'state',
    onLogin: async ({ token, user, request }) => {
      const wxUser = await wxUsers.upsert({ openid: token.openid, ...pickProfile(user) })
      // Whoever is logged in here now is another session, and never one that was there before the login.
      const cookie = await userSessions.start(wxUser.uuid, request.headers.get('cookie'))
      return { headers: { 'set-cookie': cookie } }
    },
    onError: (error, { failure }) => {
      throw failure === 'login' ? error : new AppError(CODE_OF_FAILURE[failure], { cause: error })
    }
  })
  router.get(AUTHORIZE_PATH, onOwnAddress(config.PUBLIC_URL, log), toExpressHandler(login.authorize))
  router.get(`${AUTHORIZE_PATH}callback/`, toExpressHandler(login.callback))

  router.post(NOTIFY_PATH, toExpressHandler(pay.notifyHandler({ onPaid: (payment) => orders.settle(payment) })))
  router.post(
    REFUND_NOTIFY_PATH,
    toExpressHandler(
      pay.refundNotifyHandler({
        onRefund: async ({ out_refund_no, refund_id, refund_fee, refund_status }) => {
          if (refund_status === 'SUCCESS') await refunds.succeed(out_refund_no, refund_id ?? '', refund_fee)
          // CHANGE: the money is still on its way, by hand, in the merchant platform. The reservation stays.
          if (refund_status === 'REFUNDCLOSE') await refunds.close(out_refund_no)
        }
      })
    )
  )

  gateway.on('event.subscribe', async ({ FromUserName, CreateTime }) => {
    await wxUsers.setSubscribed(FromUserName, true, new Date(Number(CreateTime) * 1000))
    return '欢迎关注！'
  })
  gateway.on('event.unsubscribe', async ({ FromUserName, CreateTime }) => {
    await wxUsers.setSubscribed(FromUserName, false, new Date(Number(CreateTime) * 1000))
  })
  router.all(GATEWAY_PATH, toExpressHandler(gateway.handler()))
  return router
}

function pickProfile(user: { unionid?: string; nickname?: string; headimgurl?: string } | undefined) {
  return {
    ...(user?.unionid ? { unionid: user.unionid } : {}),
    ...(user?.nickname ? { nickname: storableText(user.nickname) } : {}),
    ...(user?.headimgurl ? { headimgurl: user.headimgurl } : {})
  }
}
