const useColor = process.stdout.isTTY && !process.env.NO_COLOR
const paint = (code: number, text: string) => (useColor ? `\u001b[${code}m${text}\u001b[0m` : text)

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

  check(what: string, isTrue: boolean, detail = ''): void {
    const shown = detail.length > 150 ? `${detail.slice(0, 150)}…` : detail
    console.log(`  ${isTrue ? paint(32, '✓') : paint(31, '✗')} ${what}${shown ? paint(2, `  ${shown}`) : ''}`)
    if (!isTrue) throw new Error(`The demo stopped: ${what}`)
    this.#passed++
  }
}
