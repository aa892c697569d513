import { readPath } from './arcql/path.js'
import { canonicalText } from './canonical.js'
import type { InputProgram } from './compile.js'
import type { Json } from './json.js'
import type { LiveToken } from './live-token.js'
import { resolve, type Template } from './template.js'
import { TokenQueue } from './token-queue.js'

/** Text under which a value is found in a join; equal for values that ArcQL's `==` calls equal. */
export function joinKey(value: Json | undefined): string | undefined {
  if (value === undefined) return undefined
  return typeof value === 'string' ? `"${value}` : canonicalText(value)
}

/** What a join's template gives over one root's value; undefined when it does not resolve. */
export function joinValue(template: Template, variable: string, value: Json): string | undefined {
  return joinKey(resolve(template, (name) => (name === variable ? value : undefined)))
}

/**
 * The live tokens of one input arc. With a join they lie in buckets by the joined path's value; and, for each later
 * input that joins to this one, under the value it will look for: so an arrival on either side meets only its partners.
 */
export class ArcIndex {
  readonly program: InputProgram
  readonly queue: TokenQueue
  readonly buckets = new Map<string, TokenQueue>()
  readonly reverse: { readonly later: InputProgram; readonly partners: Map<string, Set<LiveToken>> }[] = []

  constructor(program: InputProgram, later: readonly InputProgram[]) {
    this.program = program
    this.queue = new TokenQueue(program.order)
    for (const other of later) if (other.join?.root === program.index) this.reverse.push({ later: other, partners: new Map() })
  }

  /** Files a token that this arc wants. */
  add(token: LiveToken): void {
    const join = this.program.join
    if (join === undefined) this.queue.push(token)
    else {
      const key = joinKey(readPath(join.path, token.data))
      if (key !== undefined) {
        let bucket = this.buckets.get(key)
        if (bucket === undefined) this.buckets.set(key, (bucket = new TokenQueue(this.program.order)))
        bucket.push(token)
      }
    }
    this.#eachReverse(token, (partners, key) => {
      const set = partners.get(key)
      if (set === undefined) partners.set(key, new Set([token]))
      else set.add(token)
    })
  }

  /** A token it holds has gone. */
  lost(token: LiveToken): void {
    const join = this.program.join
    if (join === undefined) this.queue.lost()
    else {
      const key = joinKey(readPath(join.path, token.data))
      const bucket = key === undefined ? undefined : this.buckets.get(key)
      bucket?.lost()
      if (bucket?.empty) this.buckets.delete(key!)
    }
    this.#eachReverse(token, (partners, key) => {
      const set = partners.get(key)
      if (set?.delete(token) && set.size === 0) partners.delete(key)
    })
  }

  /** The tokens that may bind, given the data bound so far: one bucket, or all. */
  candidates(bound: readonly (Json | undefined)[]): TokenQueue | undefined {
    const join = this.program.join
    if (join === undefined) return this.queue
    const root = bound[join.root]
    if (root === undefined) return undefined
    const variable = this.program.owner.inputs[join.root]!.arc.variable
    const key = joinValue(join.value, variable, root)
    return key === undefined ? undefined : this.buckets.get(key)
  }

  /** Tokens here that a token of the later input would join with. */
  partnersOf(later: InputProgram, token: LiveToken): ReadonlySet<LiveToken> | undefined {
    const key = joinKey(readPath(later.join!.path, token.data))
    if (key === undefined) return undefined
    return this.reverse.find((entry) => entry.later === later)?.partners.get(key)
  }

  #eachReverse(token: LiveToken, visit: (partners: Map<string, Set<LiveToken>>, key: string) => void): void {
    for (const { later, partners } of this.reverse) {
      const key = joinValue(later.join!.value, this.program.arc.variable, token.data)
      if (key !== undefined) visit(partners, key)
    }
  }
}
