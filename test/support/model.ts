// The language's firing rule once more, by brute force over a whole marking: slow, plain, and shared with nothing but the parsers.
import { compileCondition } from '../../petri/arcql/evaluate.js'
import { parseCondition } from '../../petri/arcql/parse.js'
import type { FoldedToken } from '../../petri/fold.js'
import type { Json } from '../../petri/json.js'
import type { InputArc, Net, Transition } from '../../petri/net.js'

/** What each input is bound to: a token, a list, or null. */
export type ModelBinding = readonly (FoldedToken | readonly FoldedToken[] | null)[]

const byAge = (a: FoldedToken, b: FoldedToken) => order(a.id) - order(b.id)
export const order = (id: string) => Number(id.split('-')[0]) * 16_384 + Number(id.split('-')[1])

/** All complete bindings of a transition in depth-first order, oldest token first. Free tokens bind; held ones are neither free nor absent. */
export function* bindings(net: Net, transition: Transition, marking: ReadonlyMap<string, FoldedToken>): Generator<ModelBinding> {
  yield* bind([])

  function* bind(bound: (FoldedToken | readonly FoldedToken[] | null)[]): Generator<ModelBinding> {
    const input = transition.inputs[bound.length]
    if (input === undefined) {
      yield bound
      return
    }
    const all = [...marking.values()].filter((token) => token.place === input.address && !taken(bound, token) && holds(net, transition, input, bound, token)).sort(byAge)
    const free = all.filter((token) => token.firing === undefined)
    if (input.mode === 'inhibit') {
      if (all.length === 0) yield* bind([...bound, null])
    } else if (input.take.form === 'one') {
      for (const token of free) yield* bind([...bound, token])
      if (all.length === 0 && input.optional) yield* bind([...bound, null])
    } else {
      const most = input.take.form === 'all' ? Infinity : Number(input.take.n)
      const list = free.slice(0, most)
      const waits = free.length < all.length && list.length < most && (input.take.form === 'all' || (input.optional && list.length === 0))
      const enough = input.take.form === 'exactly' ? list.length === most : list.length > 0
      if (!waits && (enough || (input.optional && list.length === 0))) yield* bind([...bound, list])
    }
  }
}

function taken(bound: ModelBinding, token: FoldedToken): boolean {
  return bound.some((one) => one !== null && (Array.isArray(one) ? one.includes(token) : one === token))
}

function holds(net: Net, transition: Transition, input: InputArc, bound: ModelBinding, token: FoldedToken): boolean {
  if (input.otherwise) {
    for (const other of Object.values(net.transitions).flatMap((one) => one.inputs)) {
      if (other !== input && other.address === input.address && other.mode === 'consume' && other.where !== undefined && test(other.where, token, () => undefined)) return false
    }
  }
  if (input.where === undefined) return true
  const data = (name: string): Json | undefined => {
    if (name === 'params') return net.params
    const index = transition.inputs.findIndex((one) => one.variable === name)
    const one = index >= 0 && index < bound.length ? bound[index] : undefined
    if (one === undefined) return undefined
    return one === null ? null : Array.isArray(one) ? (one as readonly FoldedToken[]).map((each) => each.data) : (one as FoldedToken).data
  }
  return test(input.where, token, data)
}

function test(text: string, token: FoldedToken, roots: (name: string) => Json | undefined): boolean {
  const parsed = parseCondition(text)
  if (!parsed.ok) throw new Error(parsed.message)
  return compileCondition(parsed.value)({ data: token.data, meta: () => null }, roots)
}

/** Ids that a binding consumes, in input order. */
export function consumedIds(transition: Transition, binding: ModelBinding): string[] {
  return transition.inputs.flatMap((input, index) => {
    const one = binding[index]
    if (input.mode !== 'consume' || one === null || one === undefined) return []
    return Array.isArray(one) ? (one as readonly FoldedToken[]).map((token) => token.id) : [(one as FoldedToken).id]
  })
}
