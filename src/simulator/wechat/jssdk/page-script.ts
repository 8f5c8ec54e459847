/** Where the script calls the simulator, as a browser reaches it. */
export interface ScriptAddresses {
  readonly config: string
  readonly upload: string
  readonly share: string
  readonly scan: string
  readonly checkPayment: string
  readonly cashier: string
}

/**
 * `jweixin`: the JS-SDK of a browser in front of the simulator. `wx.config` is verified by the simulator, pictures become
 * media, a payment opens the cashier. What needs a phone is answered with a plausible value.
 */
export function pageScript(addresses: ScriptAddresses): string {
  return `(function (root) {
'use strict'
var at = ${JSON.stringify(addresses).replaceAll('<', '\\u003c')}
var settings = { jsApiList: [] }, state = 'new', problem, waiting = [], failed = []

function post(url, body) {
  var isFile = body instanceof Blob
  return fetch(url, {
    method: 'POST',
    headers: isFile ? {} : { 'content-type': 'application/json' },
    body: isFile ? body : JSON.stringify(body)
  }).then(function (response) {
    return response.json().then(function (answer) {
      if (!response.ok) throw new Error(answer.error || 'status ' + response.status)
      return answer
    })
  })
}

function later(run) { setTimeout(run, 0) }
function finish(name, options, outcome, fields) {
  var result = Object.assign({ errMsg: name + ':' + outcome }, fields)
  if (settings.debug) console.info('[jweixin simulator]', result)
  var kind = outcome === 'ok' ? 'success' : outcome === 'cancel' ? 'cancel' : 'fail'
  later(function () {
    if (options[kind]) options[kind](result)
    if (options.complete) options.complete(result)
  })
}

// Every call waits for wx.config, and one that the page did not ask for is refused.
function api(name, run) {
  return function (options) {
    options = options || {}
    function start() {
      if (state !== 'ready') return finish(name, options, 'fail, ' + (problem || 'the config was refused'))
      if (settings.jsApiList.indexOf(name) < 0) return finish(name, options, 'permission denied')
      Promise.resolve().then(function () { return run(options) }).then(
        function (fields) { if (fields !== undefined) finish(name, options, fields === 'cancel' ? 'cancel' : 'ok', fields === 'cancel' ? {} : fields) },
        function (error) { finish(name, options, 'fail, ' + error.message) }
      )
    }
    if (state === 'new') return finish(name, options, 'fail, call wx.config first')
    if (state === 'asking') waiting.push(start)
    else start()
  }
}

// A sheet over the page: the simulator's own page in a frame, which says what came of it.
function sheet(url, kind) {
  return new Promise(function (resolve, reject) {
    var cover = document.createElement('div')
    cover.style.cssText = 'position:fixed;inset:0;z-index:2147483647;background:#0008;display:grid;place-items:end center'
    var frame = document.createElement('iframe')
    frame.title = 'weixin-kit simulator'
    frame.style.cssText = 'width:min(100%,30rem);height:min(90%,40rem);border:0;border-radius:16px 16px 0 0;background:#ededed'
    frame.src = url
    cover.append(frame)
    function done(event) {
      if (event.source !== frame.contentWindow || !event.data || event.data.simulator !== kind) return
      root.removeEventListener('message', done)
      setTimeout(function () { cover.remove() }, kind === 'cashier' && event.data.outcome === 'ok' ? 600 : 0)
      if (event.data.outcome === 'fail') reject(new Error(event.data.text))
      else resolve(event.data)
    }
    root.addEventListener('message', done)
    document.body.append(cover)
  })
}

function pay(params) {
  return post(at.checkPayment, params).then(function (answer) {
    var joint = at.cashier.indexOf('?') < 0 ? '?' : '&'
    return sheet(at.cashier + joint + 'embed=1&prepay_id=' + encodeURIComponent(answer.prepay_id), 'cashier')
  }).then(function (done) { return done.outcome })
}

function chooseFiles(count) {
  return new Promise(function (resolve) {
    var cover = document.createElement('div')
    cover.style.cssText = 'position:fixed;inset:0;z-index:2147483647;background:#0008;display:grid;place-items:center'
    var box = document.createElement('form')
    box.style.cssText = 'background:#fff;color:#191919;border-radius:16px;padding:1.5rem;display:grid;gap:.75rem;font:16px system-ui'
    var input = Object.assign(document.createElement('input'), { type: 'file', accept: 'image/*', multiple: count > 1, name: 'simulator_files' })
    var ok = Object.assign(document.createElement('button'), { textContent: '完成 · Done', name: 'simulator_decision', value: 'ok' })
    var sample = Object.assign(document.createElement('button'), { type: 'button', textContent: '示例图片 · Sample picture', name: 'simulator_sample' })
    var no = Object.assign(document.createElement('button'), { type: 'button', textContent: '取消 · Cancel', name: 'simulator_cancel' })
    box.append('选择图片 · Choose a picture', input, ok, sample, no)
    cover.append(box)
    function end(files) { cover.remove(); resolve(files) }
    box.onsubmit = function (event) { event.preventDefault(); end(Array.prototype.slice.call(input.files, 0, count)) }
    no.onclick = function () { end(undefined) }
    sample.onclick = function () {
      var canvas = Object.assign(document.createElement('canvas'), { width: 96, height: 96 })
      var pen = canvas.getContext('2d')
      pen.fillStyle = '#07c160'
      pen.fillRect(0, 0, 96, 96)
      canvas.toBlob(function (blob) { end([blob]) }, 'image/png')
    }
    document.body.append(cover)
  })
}

function share(kind) {
  return function (options) {
    return post(at.share, { kind: kind, page: location.href, title: options.title, desc: options.desc, link: options.link, imgUrl: options.imgUrl }).then(function () { return {} })
  }
}

function upload(options, type) {
  return fetch(options.localId).then(function (response) { return response.blob() }).then(function (blob) {
    return post(at.upload + '?' + new URLSearchParams({ appid: settings.appId, type: type }), new Blob([blob]))
  })
}

var plain = {
  getNetworkType: { networkType: 'wifi' },
  getLocation: { latitude: 23.0989, longitude: 113.3245, speed: -1, accuracy: 30 },
  startRecord: {}, stopRecord: { localId: 'data:audio/amr;base64,IyFBTVIK' }, onVoiceRecordEnd: undefined,
  playVoice: {}, pauseVoice: {}, stopVoice: {}, translateVoice: { translateResult: '' },
  previewImage: {}, openLocation: {}, closeWindow: {}, hideOptionMenu: {}, showOptionMenu: {}, hideMenuItems: {},
  showMenuItems: {}, hideAllNonBaseMenuItem: {}, showAllNonBaseMenuItem: {}, openAddress: undefined, addCard: undefined
}
var wx = {
  config: function (options) {
    settings = Object.assign({ jsApiList: [] }, options)
    state = 'asking'
    post(at.config, { appId: options.appId, nonceStr: options.nonceStr, timestamp: options.timestamp, signature: options.signature, url: location.href.split('#')[0] }).then(
      function (answer) { return answer.result },
      function (error) { return 'config:fail, ' + error.message }
    ).then(function (result) {
      state = result === 'config:ok' ? 'ready' : 'refused'
      problem = result
      if (settings.debug || state === 'refused') console[state === 'ready' ? 'info' : 'error']('[jweixin simulator] ' + result)
      var run = waiting
      waiting = []
      run.forEach(function (one) { one(result) })
      if (state === 'refused') failed.forEach(function (one) { one({ errMsg: result }) })
    })
  },
  ready: function (callback) {
    // As in WeChat, ready comes after the config whatever came of it.
    if (state === 'ready' || state === 'refused') later(callback)
    else waiting.push(function () { callback() })
  },
  error: function (callback) {
    failed.push(callback)
    if (state === 'refused') later(function () { callback({ errMsg: problem }) })
  },
  checkJsApi: function (options) {
    var known = {}
    options.jsApiList.forEach(function (name) { known[name] = typeof wx[name] === 'function' })
    finish('checkJsApi', options, 'ok', { checkResult: known })
  },
  chooseWXPay: api('chooseWXPay', function (options) {
    return pay({ appId: options.appId || settings.appId, timeStamp: options.timestamp || options.timeStamp, nonceStr: options.nonceStr, package: options.package, signType: options.signType, paySign: options.paySign }).then(function (outcome) { return outcome === 'ok' ? {} : 'cancel' })
  }),
  scanQRCode: api('scanQRCode', function (options) {
    return sheet(at.scan, 'scan').then(function (done) {
      return done.outcome === 'cancel' ? 'cancel' : options.needResult ? { resultStr: done.text } : {}
    })
  }),
  chooseImage: api('chooseImage', function (options) {
    return chooseFiles(options.count || 9).then(function (files) {
      if (!files || files.length === 0) return 'cancel'
      return { localIds: files.map(function (file) { return URL.createObjectURL(file) }), sourceType: 'album' }
    })
  }),
  uploadImage: api('uploadImage', function (options) { return upload(options, 'image') }),
  uploadVoice: api('uploadVoice', function (options) { return upload(options, 'voice') }),
  getLocalImgData: api('getLocalImgData', function (options) {
    return fetch(options.localId).then(function (response) { return response.blob() }).then(function (blob) {
      return new Promise(function (resolve) {
        var reader = new FileReader()
        reader.onload = function () { resolve({ localData: reader.result }) }
        reader.readAsDataURL(blob)
      })
    })
  })
}
;['updateAppMessageShareData', 'updateTimelineShareData', 'onMenuShareAppMessage', 'onMenuShareTimeline', 'onMenuShareQQ', 'onMenuShareWeibo', 'onMenuShareQZone'].forEach(function (name) {
  wx[name] = api(name, share(name))
})
Object.keys(plain).forEach(function (name) { wx[name] = api(name, function () { return plain[name] || {} }) })

root.wx = root.jWeixin = wx
root.WeixinJSBridge = {
  invoke: function (name, params, callback) {
    function answer(outcome) { if (callback) callback({ err_msg: name.replace(/[A-Z]+(?=[A-Z][a-z]|$)|[A-Z]/g, function (run) { return '_' + run.toLowerCase() }).replace(/^get_brand_.*$/, 'get_brand_wcpay_request') + ':' + outcome }) }
    if (name !== 'getBrandWCPayRequest') return later(function () { answer('ok') })
    pay(params).then(answer, function (error) { console.error('[jweixin simulator] ' + error.message); answer('fail') })
  },
  call: function () {},
  on: function () {}
}
later(function () {
  document.dispatchEvent(new Event('WeixinJSBridgeReady'))
})
})(window)
`
}
