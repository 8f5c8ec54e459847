import { type FetchHandler, isWeixinKitError } from 'weixin-kit'
import { z } from 'zod'
import type { Context } from '../app.ts'
import { AppError } from '../error-codes.ts'
import { readJson } from '../read-json.ts'

const LOGIN = z.object({ code: z.string().min(1).max(256) })
const UPDATE = z.object({ iv: z.string().min(1).max(64), encrypted_data: z.string().min(1).max(16_384) })

/** Mini-program login, and the profile that the user hands over encrypted. */
export function miniappRoutes({ mini, users }: Context): { login: FetchHandler; update: FetchHandler } {
  return {
    login: async (request) => {
      const { code } = await readJson(request, LOGIN)
      const { token, openid, unionid } = await mini.session.start(code).catch((cause: unknown) => {
        throw new AppError(
          isWeixinKitError(cause) && cause.code === 'ERR_WECHAT_API' && cause.kind === 'user' ? 2001 : 2003,
          { cause }
        )
      })
      await users.save(mini.appId, { openid, unionid })
      return Response.json({ error_code: 0, token })
    },

    update: async (request) => {
      const token = /^wechat ([\w-]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
      const session = await mini.session.find(token)
      if (!session) throw new AppError(1002)
      const { iv, encrypted_data } = await readJson(request, UPDATE)
      const data = await mini.session.decrypt(token, { iv, encryptedData: encrypted_data }).catch((cause: unknown) => {
        throw isWeixinKitError(cause) && cause.code.startsWith('ERR_DECRYPT_') ? new AppError(2002, { cause }) : cause
      })
      if (!data) throw new AppError(1002)
      // Decrypted is not authentic: who somebody is comes from the login.
      const { nickName: nickname, avatarUrl: avatar, gender } = data
      const user = await users.save(mini.appId, { openid: session.openid, nickname, avatar, gender })
      return Response.json({
        error_code: 0,
        user: { id: user.id, nickname: user.nickname, avatar: user.avatar, gender: user.gender }
      })
    }
  }
}
