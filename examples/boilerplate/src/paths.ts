export const API = '/boilerplate/wechat/api/v1'
/** The document writes the paths that WeChat calls without `/wechat`; both are served. */
export const WECHAT_API = '/boilerplate/api/v1'
export const AUTHORIZE = `${API}/wechat-mp/authorize`
export const INDEX = '/boilerplate/wechat/mp/index'
