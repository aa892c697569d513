import { admit, admitText, utf8Length } from '../../petri/canonical.js'
import type { Usage } from '../../petri/models.js'
import type { Answer, AskedCall } from '../../protocol/model.js'
import { ModelFault, type Ask } from './provider.js'
import { tokenBound } from './token-bound.js'

const MOST = 8 * 1024 * 1024
const INPUT = 4 * 1024 * 1024

interface Call {
  readonly id: string
  readonly name: string
  /** JSON text in pieces, or a value that came whole */
  readonly pieces: string[]
  whole: unknown
}

/** What a model has said so far of one answer. */
export class Spoken {
  readonly #ask: Ask
  readonly #text: string[] = []
  readonly #calls: Call[] = []
  #bytes = 0
  usage: Usage | undefined
  stop: Answer['stop'] | undefined
  /** something of the answer has come, so that it is likely to be charged */
  begun = false

  constructor(ask: Ask) {
    this.#ask = ask
  }

  get calls(): number {
    return this.#calls.length
  }

  text(piece: unknown): void {
    if (typeof piece !== 'string' || piece === '') return
    this.#count(piece)
    this.#text.push(piece)
    this.#ask.onText?.(piece)
  }

  /** What it thinks to itself counts, and is not kept. */
  thought(piece: unknown): void {
    if (typeof piece === 'string' && piece !== '') this.#count(piece)
  }

  /** Begins a call, and says which it is. */
  call(id: unknown, name: unknown, whole?: unknown): number {
    const number = this.#calls.length
    if (whole !== undefined) this.#count(JSON.stringify(whole))
    // The same name in a repeated run: an id that a server leaves out is made of places, not of chance.
    const own = typeof id === 'string' && id !== '' && !this.#calls.some((other) => other.id === id) ? clean(id) : `call_${this.#ask.messages.length}_${number}`
    this.#calls.push({ id: own, name: typeof name === 'string' ? clean(name) : '', pieces: [], whole })
    return number
  }

  arguments(number: number, piece: unknown): void {
    if (typeof piece !== 'string' || piece === '') return
    this.#count(piece)
    this.#calls[number]!.pieces.push(piece)
  }

  /** The whole of it. `stop` must be known. */
  answer(): Answer {
    const calls = this.#calls.map(({ id, name, pieces, whole }): AskedCall => ({ id, name, input: inputOf(pieces.join(''), whole) as AskedCall['input'] }))
    const stop = this.stop ?? 'end'
    return {
      text: clean(this.#text.join('')), calls, stop: calls.length > 0 && stop === 'end' ? 'tools' : stop,
      ...(this.usage === undefined ? { usage: this.mostUsage(), estimated: true } : { usage: this.usage }),
    }
  }

  /** The answer, where all was said before the connection broke; else throws what broke it, with what that is likely to cost. */
  despite(error: unknown, finished: boolean): Answer {
    if (!(error instanceof ModelFault)) throw error
    if (finished && (error.code === 'transport' || error.code === 'aborted')) return this.answer()
    if (this.begun) error.usage ??= this.mostUsage()
    throw error
  }

  /** What it has used at most, where no server says it: no more than was granted. */
  mostUsage(): Usage {
    return { input: tokenBound(this.#ask), cached: 0, output: Math.min(this.#ask.maxTokens, this.#bytes) }
  }

  #count(piece: string): void {
    this.begun = true
    this.#bytes += utf8Length(piece)
    if (this.#bytes > MOST) throw new ModelFault('bad-answer', `${this.#ask.model.name}: the answer has more than ${MOST} bytes`, false)
  }
}

/** A count of tokens as a server tells it; undefined for what is none. */
export function tokens(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? value as number : undefined
}

/** A tool call's input; a text where it is no JSON, or JSON that cannot be carried: whoever asked for it is told so. */
function inputOf(text: string, whole: unknown): unknown {
  if (whole !== undefined && typeof whole !== 'string') {
    const read = admit(whole, INPUT)
    return read.ok ? read.value : clean(JSON.stringify(whole))
  }
  const said = whole ?? text
  if (said.trim() === '') return {}
  const read = admitText(said, INPUT)
  return read.ok ? read.value : clean(said)
}

/** As I-JSON and the database can carry it. */
function clean(text: string): string {
  const formed = text.toWellFormed()
  return formed.includes('\0') ? formed.replaceAll('\0', '\ufffd') : formed
}
