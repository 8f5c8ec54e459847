const useColor = process.stdout.isTTY && !process.env.NO_COLOR
const paint = (code: number, text: string) => (useColor ? `\u001b[${code}m${text}\u001b[0m` : text)
const LONGEST = 110

/** The readable log of the demo. A failed check ends it. */
export class Printer {
  #passed = 0

  get passed(): number {
    return this.#passed
  }

  chapter(title: string): void {
    console.log(`\n${paint(1, title)}`)
  }

  line(text: string): void {
    console.log(`  ${text}`)
  }

  /** A request to an app. */
  request(method: string, url: string, status: number): void {
    const shown = url.length > LONGEST ? `${url.slice(0, LONGEST)}…` : url
    console.log(`  ${paint(2, `${method.padEnd(4)} ${shown} → ${status}`)}`)
  }

  /** What came of it, checked. */
  check(what: string, isTrue: boolean, detail = ''): void {
    console.log(`  ${isTrue ? paint(32, '✓') : paint(31, '✗')} ${what}${detail ? `: ${detail}` : ''}`)
    if (!isTrue) throw new Error(`The demo stopped: ${what}`)
    this.#passed++
  }
}
