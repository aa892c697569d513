import type { Fault } from '../fault.js'
import type { Position } from '../finding.js'
import type { InputFile, OutputFile } from '../inscription.js'
import { isObject, own, type Json, type JsonObject } from '../json.js'
import { drawnInput, joined as joinedInput, outputWeight, plainOutput, readsBy, type DrawnInput } from './arcs.js'
import type { Keeper } from './keeper.js'
import { variableFor } from './names.js'
import type { Joined } from './resolve.js'
import type { Arc } from './skeleton.js'
import { define, textIn, type Table } from './table.js'

/** Most tokens that one firing may carry, and most that the plain arcs of a file may put together. */
const MAX_WEIGHT = 10_000
const MAX_WEIGHTS = 200_000

export interface Context {
  /** places put together so far: all of them */
  readonly places: Table
  /** id -> name */
  readonly names: ReadonlyMap<string, string>
  readonly keeper: Keeper
  readonly spots: Map<string, Position>
  readonly faults: Fault[]
}

export function mismatch(at: Position, path: readonly string[], message: string): Fault {
  return { code: 'pnml-mismatch', message, remedy: 'change both alike, or take our toolspecific out of the element', path, at }
}

/** Inputs and outputs of transitions, put together from arcs and from our JSON beside them. */
export class AssembledArcs {
  private readonly context: Context
  private weights = 0

  constructor(context: Context) {
    this.context = context
  }

  inputs(transition: string, kind: string, arcs: readonly Joined[], hidden: JsonObject, order: readonly Json[]): Table {
    const { names, keeper } = this.context
    const ins = arcs.filter(({ from }) => from.kind === 'place')
    const taken = new Set([...ins.flatMap(({ arc }) => textIn(arc.own, 'variable') ?? []), ...Object.keys(hidden)])
    const next = new Map<string, number>()
    const backs = new Map(arcs.flatMap((joined) => (textIn(joined.arc.own, 'back') === undefined ? [] : [[textIn(joined.arc.own, 'back')!, joined]])))
    const found = new Map<string, { input: Json; place: string; joined: Joined; back: Joined | undefined; drawn: boolean }>()
    for (const joined of ins) {
      const { arc } = joined
      const place = names.get(joined.from.id)!
      const variable = textIn(arc.own, 'variable') ?? variableFor(place, taken, next)
      const path = this.at(['transitions', transition, 'in', variable], arc)
      if (arc.weight > MAX_WEIGHT) this.tooHeavy(arc, path)
      if (found.has(variable)) this.wrong(arc, path, `two arcs of transition "${transition}" say variable "${variable}"`)
      const input = this.input(arc, place, path)
      const drawn = this.drawn(kind, variable, input)
      const back = backs.get(variable)
      backs.delete(variable)
      if (drawn?.read && back?.arc.weight !== arc.weight) this.wrong(arc, path, `arc "${arc.id}" reads, and ${back ? 'the arc back has another weight' : 'there is no arc back'}`)
      if (!drawn?.read && back) this.wrong(back.arc, path, `arc "${back.arc.id}" gives back what arc "${arc.id}" does not read`)
      found.set(variable, { input, place, joined, back, drawn: drawn !== undefined })
    }
    for (const [variable, { arc }] of backs) this.wrong(arc, ['transitions', transition], `arc "${arc.id}" gives "${variable}" back, and no arc takes it`)
    const inputs: Table = {}
    for (const variable of new Set([...order.map(String), ...found.keys(), ...Object.keys(hidden)])) {
      const one = found.get(variable)
      const input = one?.input ?? own(hidden, variable)
      if (input === undefined) continue
      define(inputs, variable, input)
      if (one?.drawn) keeper.arc(`${one.place} > ${transition}`, one.joined, `in.${transition}.${variable}`)
      if (one?.drawn && one.back) keeper.arc(`${transition} > ${one.place}`, one.back, `back.${transition}.${variable}`)
      if (!one && this.drawn(kind, variable, input)) this.context.faults.push({ ...mismatch(this.spot(transition), ['transitions', transition], `input "${variable}" of transition "${transition}" has no arc`), remedy: 'draw the arc, or take the input out of toolspecific: an arc is the only binding' })
    }
    return inputs
  }

  outputs(transition: string, kind: string, arcs: readonly Joined[], hidden: JsonObject): Table {
    const { names, keeper, places } = this.context
    const found = new Map<string, { joined: Joined; output: Json }[]>()
    for (const joined of arcs) {
      const { arc, to } = joined
      if (to.kind !== 'place' || textIn(arc.own, 'back') !== undefined) continue
      const place = names.get(to.id)!
      const path = this.at(['transitions', transition, 'out', place], arc)
      const said = arc.own && own(arc.own, 'out')
      if (said !== undefined && shows(said) !== arc.weight) this.wrong(arc, path, `arc "${arc.id}" has weight ${arc.weight}, and its toolspecific shows ${shows(said)}`)
      this.weights += arc.weight
      if (arc.weight > MAX_WEIGHT || this.weights > MAX_WEIGHTS) {
        this.tooHeavy(arc, path)
        continue
      }
      const list = found.get(place)
      const one = { joined, output: said ?? (plainOutput(arc.weight) as Json) }
      if (list) list.push(one)
      else found.set(place, [one])
    }
    const outputs: Table = {}
    for (const [place, list] of found) {
      define(outputs, place, list.length === 1 ? list[0]!.output : list.flatMap(({ output }) => output))
      for (const { joined } of list) keeper.arc(`${transition} > ${place}`, joined, `out.${transition}.${place}`, list.length > 1 ? joined.arc.weight : undefined)
    }
    for (const [place, output] of Object.entries(hidden)) {
      define(outputs, place, output)
      if (kind === 'link' || !Object.hasOwn(places, place)) continue
      this.context.faults.push({ ...mismatch(this.spot(transition), ['transitions', transition], `output "${place}" of transition "${transition}" has no arc`), remedy: 'draw the arc, or take the output out of toolspecific: an arc is the only binding' })
    }
    return outputs
  }

  private input(arc: Arc, place: string, path: readonly string[]): Json {
    if (arc.inhibitor) return { from: place, mode: 'inhibit' }
    const beside = this.beside(arc, place)
    if (beside !== undefined && own(beside, 'take') !== undefined && arc.weight !== 1) this.wrong(arc, path, `arc "${arc.id}" has weight ${arc.weight}, and its toolspecific says how many it takes`)
    return joinedInput(place, arc.weight, beside)
  }

  /** What stands beside an arc. A bare arc takes what it shows, also from a place that is read unless it says so. */
  private beside(arc: Arc, place: string): Table | undefined {
    const said = arc.own && own(arc.own, 'with')
    if (arc.own) return isObject(said) ? (said as Table) : undefined
    const owner = this.context.places[place]
    return readsBy(undefined, isObject(owner) ? textIn(owner, 'category') : undefined) ? { mode: 'consume' } : undefined
  }

  private drawn(kind: string, variable: string, input: Json): DrawnInput | undefined {
    return typeof input === 'string' || isObject(input) ? drawnInput({ places: this.context.places as never }, { kind: kind as never }, variable, input as InputFile) : undefined
  }

  private at(path: readonly string[], arc: Arc): readonly string[] {
    this.context.spots.set(path.join('\0'), arc.at)
    return path
  }

  private spot(transition: string): Position {
    return this.context.spots.get(`transitions\0${transition}`)!
  }

  private wrong(arc: Arc, path: readonly string[], message: string): void {
    this.context.faults.push(mismatch(arc.at, path, message))
  }

  private tooHeavy({ weight, at }: Arc, path: readonly string[]): void {
    this.context.faults.push({ code: 'too-large', message: `an arc of weight ${weight}: a firing carries at most ${MAX_WEIGHT} tokens, and the arcs of a file put at most ${MAX_WEIGHTS}`, remedy: 'scale the net down', path, at })
  }
}

function shows(output: Json): number {
  return isObject(output) || (Array.isArray(output) && output.every(isObject)) ? outputWeight(output as OutputFile) : 1
}
