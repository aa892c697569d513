import { own, type Json } from '../../json.js'
import { resultSchema } from '../../kinds/result.js'
import type { InputArc, Net, OutputArc, Transition } from '../../net.js'
import { netsAt } from '../peers.js'
import type { World } from '../world.js'
import { schemaShape } from './schema-shape.js'
import { ANY, either, listOf, NEVER, objectOf, shapeOf, typed, unsure, type Shape } from './shape.js'
import { templateShape, type Known } from './template-shape.js'

const TEXT = typed('text')
const NUMBER = typed('number')
export const META = objectOf({
  id: TEXT, place: TEXT, createdAt: TEXT, producedBy: TEXT, parents: listOf(TEXT), depth: NUMBER, correlationId: TEXT,
})
const FIRING = objectOf({ id: TEXT, at: TEXT, attempt: NUMBER, revision: TEXT, net: TEXT, transition: TEXT, correlationId: TEXT, roll: NUMBER })
const APPROVAL = objectOf({ by: TEXT, at: TEXT, comment: typed('text', 'null') })
const ERROR = objectOf({ code: TEXT, message: TEXT, attempts: NUMBER, detail: ANY })
const DEAD_LETTER: Shape = { ...objectOf({ transition: TEXT, error: ERROR, input: ANY }, { firing: ANY }), open: true, sure: false }
const PRODUCERS = 200
const DECLARED = 100

/** What tokens, variables and results of one net look like. Lazy: nothing is worked out that no rule asks about. */
export interface Shapes {
  readonly place: (address: string) => Shape
  readonly variable: (arc: InputArc) => Shape
  readonly result: (transition: Transition) => Shape
  readonly item: (transition: Transition, each: string) => Shape
  /** the roots of an expression on an output arc, or of `do` when there is none */
  readonly roots: (transition: Transition, output?: OutputArc) => Known
  readonly emitted: (transition: Transition, output: OutputArc) => Shape
}

export function shapesOf(net: Net, world: World): Shapes {
  const places = new Map<string, Shape>()
  const results = new Map<Transition, Shape>()
  const producers = new Map<Net, Map<string, [Transition, OutputArc][]>>()

  // A place in the making is anything: so a circle of producers ends, at the price of knowing less.
  const memo = <K>(made: Map<K, Shape>, key: K, make: () => Shape): Shape => {
    const known = made.get(key)
    if (known) return known
    made.set(key, ANY)
    const shape = make()
    made.set(key, shape)
    return shape
  }
  const shapes: Shapes = {
    place: (address) => memo(places, address, () => placeShape(address)),
    variable: (arc) => {
      const token = arc.from === '_failed' ? DEAD_LETTER : shapes.place(arc.address)
      if (arc.take.form !== 'one') return listOf(token)
      return arc.optional ? either(token, typed('null')) : token
    },
    result: (transition) => memo(results, transition, () => resultShape(transition)),
    item: (transition, each) => templateShape(each, shapes.roots(transition)).element ?? ANY,
    roots: (transition, output) => (root) => {
      const arc = transition.inputs.find((one) => one.variable === root && one.mode !== 'inhibit')
      if (arc) return shapes.variable(arc)
      if (root.startsWith('_') && transition.inputs.some((one) => `_${one.variable}` === root && one.take.form === 'one')) return META
      if (root === 'params') return net.transitions[transition.name] === transition ? shapeOf(net.params) : ANY
      if (root === '_firing') return FIRING
      if (root === '_approval') return APPROVAL
      if (root === 'error') return ERROR
      if (root === '_index') return NUMBER
      if (root === 'result') return shapes.result(transition)
      if (root === 'item' && output?.each !== undefined) return shapes.item(transition, output.each)
      return undefined
    },
    emitted: (transition, output) => templateShape(output.emit, shapes.roots(transition, output)),
  }
  return shapes

  function placeShape(address: string): Shape {
    const nets = netsAt(address, net, world)
    const place = nets.flatMap((one) => Object.values(one.places)).find((one) => one.address === address)
    if (!place) return ANY
    if (place.schema !== undefined) return schemaShape(place.schema)
    const made = nets.flatMap((one) => producersOf(one).get(address) ?? [])
    // Fed from outside alone, or by too many to look at: nobody can say.
    if (place.open !== undefined || made.length > PRODUCERS || (made.length === 0 && place.tokens.length === 0)) return ANY
    const declared = place.tokens.slice(0, DECLARED).map(shapeOf)
    return unsure([...declared, ...made.map(([transition, arc]) => shapes.emitted(transition, arc))].reduce(either, NEVER))
  }

  function producersOf(one: Net): Map<string, [Transition, OutputArc][]> {
    let index = producers.get(one)
    if (index) return index
    producers.set(one, (index = new Map()))
    for (const transition of Object.values(one.transitions)) {
      for (const arc of transition.kind === 'link' ? [] : transition.outputs) {
        const list = index.get(arc.address)
        if (list) list.push([transition, arc])
        else index.set(arc.address, [[transition, arc]])
      }
    }
    return index
  }

  function resultShape(transition: Transition): Shape {
    switch (transition.kind) {
      case 'pass':
        return passed(transition)
      case 'map':
        return templateShape(own(transition.action ?? {}, 'template') ?? null, shapes.roots(transition))
      default: {
        const schema = resultSchema(transition)
        return schema === undefined ? ANY : schemaShape(schema)
      }
    }
  }

  function passed(transition: Transition): Shape {
    const bound = transition.inputs.filter((arc) => arc.mode !== 'inhibit')
    if (bound.length === 1) return shapes.variable(bound[0]!)
    return objectOf(Object.fromEntries(bound.map((arc) => [arc.variable, shapes.variable(arc)])))
  }
}
