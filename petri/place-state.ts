import { readPath } from './arcql/path.js'
import { canonicalText } from './canonical.js'
import type { PlaceProgram } from './compile.js'
import type { Json } from './json.js'
import type { LiveToken } from './live-token.js'
import type { TokenId } from './token.js'
import type { TransitionState } from './transition-state.js'

/** A place in the marking: what its rules need to know of all its tokens, dormant ones included. */
export class PlaceState {
  readonly program: PlaceProgram
  /** tokens that count: free and held, not superseded */
  count = 0
  /** slots that running effects hold */
  promised = 0
  /** key -> token, where the place has a key */
  readonly keys: Map<string, TokenId> | undefined
  /** id -> birth and key, oldest first, where the place has `keep` or `ttl` */
  readonly shelf: Map<TokenId, { readonly born: number; readonly key: string | undefined }> | undefined
  /** firings that wait for a slot, first come first */
  readonly waiting: { readonly state: TransitionState; readonly token: LiveToken | undefined }[] = []

  constructor(program: PlaceProgram) {
    this.program = program
    this.keys = program.key ? new Map() : undefined
    const { keep, ttl } = program.place
    this.shelf = keep === undefined && ttl === undefined ? undefined : new Map()
  }

  get room(): number {
    return (this.program.place.capacity ?? Infinity) - this.count - this.promised
  }

  /** The text by which a value's key is compared; a path that is missing counts as a value of its own. */
  keyOf(data: Json): string | undefined {
    return this.program.key?.map((path) => {
      const value = readPath(path, data)
      return value === undefined ? '' : canonicalText(value)
    }).join('\u0000')
  }

  enter(id: TokenId, born: number, data: Json): void {
    this.count++
    const key = this.keys && this.keyOf(data)
    this.shelf?.set(id, { born, key })
    if (key !== undefined) this.keys!.set(key, id)
  }

  /** `data` may be left out for a dormant token: the shelf knows its key, or a newcomer takes the key over. */
  leave(id: TokenId, data: Json | undefined): void {
    this.count--
    const key = data === undefined ? this.shelf?.get(id)?.key : this.keys && this.keyOf(data)
    this.shelf?.delete(id)
    if (key !== undefined && this.keys!.get(key) === id) this.keys!.delete(key)
  }
}
