import type { Message, ModelGrant } from '../../protocol/model.js'
import { messageBound } from '../llm/token-bound.js'

/** Of the bound, what models really count; told by their own counts as soon as there is one. */
const FIRST_RATE = 1 / 3
/** Of a model's context, what a request may fill before it is made shorter. */
const FULL = 0.7
/** Of the context, what the last exchanges may take when the rest is summed up. */
const TAIL = 0.25
const TAIL_EXCHANGES = 3

/** What a model has been told so far. Sizes are kept, not counted again: a turn costs what is new in it. */
export class Conversation {
  readonly #head: readonly Message[]
  #rest: Message[] = []
  #bound: number
  #unsent: Message[]
  #rate = FIRST_RATE
  readonly #fixed: number

  /** head: system and first prompt, which always stay. fixed: bound of what goes with each request besides. */
  constructor(head: readonly Message[], fixed: number) {
    this.#head = head
    this.#unsent = [...head]
    this.#fixed = fixed
    this.#bound = head.reduce((sum, message) => sum + messageBound(message), 0)
  }

  get messages(): readonly Message[] {
    return [...this.#head, ...this.#rest]
  }

  /** Upper bound of the next request's tokens. */
  get bound(): number {
    return this.#bound + this.#fixed
  }

  /** What no call has sent yet; asked once a call. */
  takeUnsent(): readonly Message[] {
    return this.#unsent.splice(0)
  }

  add(...messages: readonly Message[]): void {
    for (const message of messages) {
      this.#rest.push(message)
      this.#bound += messageBound(message)
      if (message.role !== 'assistant') this.#unsent.push(message)
    }
  }

  /** What a model counted for the request that has just been answered: from now on sizes are told in its own tokens. */
  counted(input: number): void {
    if (input > 0) this.#rate = Math.min(1, Math.max(0.1, input / (this.#bound + this.#fixed)))
  }

  /** A model said that the request was too long: it counts more than was thought. */
  overflowed(model: ModelGrant): void {
    this.#rate = Math.max(this.#rate, Math.min(1, (1.1 * model.context) / (this.#bound + this.#fixed)))
  }

  /** Tokens of the next request, about. */
  get tokens(): number {
    return Math.ceil((this.#bound + this.#fixed) * this.#rate)
  }

  /** Whether the next request would leave too little room. */
  isFull(model: ModelGrant): boolean {
    return this.tokens > Math.min(FULL * model.context, model.context - Math.min(model.maxOutput, model.context / 4))
  }

  /** Whether even what always stays is too much for the model. */
  neverFits(model: ModelGrant): boolean {
    const least = this.#head.reduce((sum, message) => sum + messageBound(message), 0) + this.#fixed
    return least * this.#rate > model.context * 0.9
  }

  /** What can be summed up: all between the head and the last exchanges, which are kept whole as far as they fit. */
  middle(model: ModelGrant): readonly Message[] {
    return this.#rest.slice(0, this.#tailFrom(model))
  }

  /** Puts a summary in the place of the middle. */
  compact(summary: string, model: ModelGrant): void {
    this.#replace([{ role: 'user', text: summary }, ...this.#rest.slice(this.#tailFrom(model))])
  }

  /** Cuts results, the longest first, until there is room. */
  cut(model: ModelGrant, stub: (message: Message) => Message): void {
    const order = [...this.#rest.keys()].filter((at) => this.#rest[at]!.role === 'tool').sort((a, b) => messageBound(this.#rest[b]!) - messageBound(this.#rest[a]!))
    for (const at of order) {
      if (!this.isFull(model)) break
      this.#replace(this.#rest.with(at, stub(this.#rest[at]!)))
    }
  }

  #replace(rest: Message[]): void {
    this.#rest = rest
    this.#bound = [...this.#head, ...rest].reduce((sum, message) => sum + messageBound(message), 0)
  }

  /** An exchange begins with the model's words; its results are never parted from it. */
  #tailFrom(model: ModelGrant): number {
    let [from, bound, exchanges] = [this.#rest.length, 0, 0]
    for (let at = this.#rest.length - 1; at >= 0 && exchanges < TAIL_EXCHANGES; at--) {
      bound += messageBound(this.#rest[at]!)
      if (this.#rest[at]!.role !== 'assistant') continue
      exchanges += 1
      if (exchanges > 1 && bound * this.#rate > TAIL * model.context) break
      from = at
    }
    return from
  }
}
