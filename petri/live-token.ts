import type { InputProgram } from './compile.js'
import type { Json } from './json.js'
import { meta, type Token, type TokenId } from './token.js'

/** A token in the marking in memory: the token, and who holds it. Only petri/marking.ts changes `holder` and `gone`. */
export class LiveToken implements Token {
  readonly id: TokenId
  readonly place: string
  readonly data: Json
  readonly text: string
  readonly createdAt: number
  readonly producedBy: string
  readonly parents: readonly TokenId[]
  readonly depth: number
  readonly correlationId: string
  /** number of the firing that reserves it; 0 when it is free */
  holder = 0
  gone = false
  /** replaced while reserved: stays for its firing and counts for nothing else */
  superseded = false
  /** inputs that want it; set when it enters the marking */
  takers: readonly InputProgram[] = []
  #meta: Json | undefined

  constructor(token: Token) {
    this.id = token.id
    this.place = token.place
    this.data = token.data
    this.text = token.text
    this.createdAt = token.createdAt
    this.producedBy = token.producedBy
    this.parents = token.parents
    this.depth = token.depth
    this.correlationId = token.correlationId
  }

  meta(): Json {
    return (this.#meta ??= meta(this))
  }
}
