/** Returns what looks wrong with the URL of a page for which WeChat reported "invalid signature". */
export function urlWarnings(url: string): string[] {
  const { protocol, hostname, href } = new URL(url)
  const warnings: string[] = []
  if (protocol === 'http:') warnings.push('The URL is http: a proxy that terminates TLS hides that the page is https.')
  if (/^(?:localhost|127\.|10\.|192\.168\.|\[)/.test(hostname)) {
    warnings.push('The host is local: WeChat accepts only the JS-safe domains registered in the console.')
  }
  if (href !== url) {
    warnings.push('A browser would write this URL differently: sign location.href exactly as the page reads it.')
  }
  if (/%25[0-9A-F]{2}/i.test(url)) warnings.push('The URL looks encoded twice: encode it once for the query.')
  if (/&amp;/i.test(url)) {
    warnings.push(
      'The URL has "&amp;" because it was HTML-escaped: sign location.href as the browser reads it, with "&".'
    )
  }
  return warnings
}
