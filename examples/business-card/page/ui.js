export const $ = (id) => document.getElementById(id)
export const yuan = (fen) => (fen / 100).toFixed(2)

/** `el('p', { class: 'soft' }, 'text', child)`; a property that starts with `on` is a listener. Text is never HTML. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value)
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value)
  }
  node.append(...children.filter((child) => child !== undefined))
  return node
}

export function say(text, isBad = false) {
  const toast = $('toast')
  toast.textContent = text
  toast.className = isBad ? 'toast bad' : 'toast'
  toast.hidden = false
  clearTimeout(say.timer)
  say.timer = setTimeout(() => {
    toast.hidden = true
  }, 3000)
}

/** Pictures are named without a slash in front. */
export const picture = (path, alt = '', name = undefined) =>
  el('img', { src: /^https?:/.test(path) ? path : `/${path}`, alt, class: name })

/** Runs what a button does, once at a time. */
export function press(work) {
  return async ({ currentTarget }) => {
    currentTarget.disabled = true
    try {
      await work()
    } finally {
      currentTarget.disabled = false
    }
  }
}

/** Messages of a chat, the oldest at the top; those of `own` are on the right. */
export function bubbles(messages, own) {
  return [...messages].reverse().map(({ name, src, msg, send_type, content, dateTime }) => {
    const body =
      content.info_type === 2
        ? el('div', { class: 'offer' }, el('b', {}, content.product_name), el('small', {}, content.product_price))
        : content.info_type === 4
          ? picture(content.url, '图片')
          : msg
    const time = el('time', { datetime: `${dateTime}+08:00` }, dateTime.slice(11, 16))
    const text = el('div', { class: 'bubble' }, body)
    const column = el('div', {}, el('small', {}, `${name} `, time), text)
    return el('li', { class: send_type === own ? 'own' : '' }, picture(src, '', 'face'), column)
  })
}

/** Adds to a list and shows its end. */
export function append(list, items) {
  list.append(...items)
  list.scrollTop = list.scrollHeight
}
