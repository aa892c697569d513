type Colour = 'bold' | 'dim' | 'green' | 'red' | 'cyan'

const CODES: Readonly<Record<Colour, number>> = { bold: 1, dim: 2, green: 32, red: 31, cyan: 36 }
const HEAD = 17
const TIME = 8

/** What people see of a start: one line a step, with its time; colour and a line for what is under way only on a terminal. */
export class Progress {
  readonly #out: NodeJS.WriteStream
  readonly #colour: boolean
  #begun = performance.now()
  #pending = false

  constructor(out: NodeJS.WriteStream, env: Readonly<Record<string, string | undefined>>) {
    this.#out = out
    this.#colour = out.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
  }

  paint(colour: Colour, text: string): string {
    return this.#colour ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text
  }

  print(text = ''): void {
    this.#clear()
    this.#out.write(text === '' ? '\n' : `  ${text}\n`)
  }

  begin(what: string): void {
    this.#begun = performance.now()
    if (this.#out.isTTY !== true) return
    this.#clear()
    this.#pending = true
    this.#out.write(`  ${this.paint('dim', `… ${what}`)}`)
  }

  /** Ends the step under way. */
  done(what: string, detail = ''): void {
    const took = seconds(performance.now() - this.#begun).padStart(TIME)
    this.print(`${this.paint('green', '✓')} ${what.padEnd(HEAD)}${this.paint('dim', took)}${detail === '' ? '' : `   ${detail}`}`)
    this.#begun = performance.now()
  }

  failed(what: string): void {
    this.print(`${this.paint('red', '✗')} ${what}`)
  }

  #clear(): void {
    if (this.#pending) this.#out.write('\r\u001b[K')
    this.#pending = false
  }
}

export function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
