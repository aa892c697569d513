import type { InputFile, InputObject, OutputFile, OutputObject, TransitionFile } from '../inscription.js'
import type { Json } from '../json.js'
import type { NetFile, PlaceFile } from '../language.js'
import { sameJson } from '../yaml/same.js'

/** Places by name. `Object.hasOwn` is asked, since a name may be anything. */
function placeOf(net: Pick<NetFile, 'places'>, name: string): PlaceFile | undefined {
  return net.places && Object.hasOwn(net.places, name) ? net.places[name] : undefined
}

export function inputObject(input: InputFile): InputObject {
  return typeof input === 'string' ? { from: input } : input
}

/** What the skeleton shows of an input: an arc, an arc each way, or nothing. */
export interface DrawnInput {
  readonly variable: string
  readonly place: string
  readonly weight: number
  readonly read: boolean
}

/** Inhibitors, dead letters, links and counts that come from data are no arcs of a P/T net. */
export function drawnInput(net: Pick<NetFile, 'places'>, transition: Pick<TransitionFile, 'kind'>, variable: string, input: InputFile): DrawnInput | undefined {
  const { from, take, mode } = inputObject(input)
  const place = placeOf(net, from)
  const weight = typeof take === 'number' ? take : typeof take === 'string' && take !== 'all' ? 0 : 1
  if (!place || transition.kind === 'link' || mode === 'inhibit' || weight === 0) return undefined
  return { variable, place: from, weight, read: readsBy(mode, place.category) }
}

export function readsBy(mode: string | undefined, category: string | undefined): boolean {
  return mode === undefined ? category === 'context' || category === 'tool' || category === 'learning' : mode === 'read'
}

/** The weight that the skeleton shows of an output: how many tokens it puts whatever the result, at least one. */
export function outputWeight(output: OutputFile): number {
  const entries: readonly OutputObject[] = Array.isArray(output) ? output : [output as OutputObject]
  return Math.max(1, entries.filter((entry) => (entry.when === undefined || entry.when === 'success') && entry.each === undefined && entry.emit !== 'tools').length)
}

/** How a plain arc of so many tokens is written in the language: foreign arcs are read so. */
export function plainInput(place: string, weight: number): InputFile {
  return weight === 1 ? place : { from: place, take: weight }
}

export function plainOutput(weight: number): OutputFile {
  return weight === 1 ? { emit: {} } : Array.from({ length: weight }, () => ({ emit: {} }))
}

export function isPlainOutput(output: OutputFile): boolean {
  return sameJson(output as Json, plainOutput(outputWeight(output)) as Json)
}

/** What our JSON on an input's arc says beside the arc itself; undefined where the arc says it all. */
export function beside(input: InputFile): Record<string, Json> | undefined {
  if (typeof input === 'string') return undefined
  const { from: _, take, ...rest } = input
  const counted = typeof take === 'number' && take >= 2
  if (counted) return Object.keys(rest).length === 0 ? undefined : (rest as Record<string, Json>)
  return (take === undefined ? rest : { take, ...rest }) as Record<string, Json>
}

/** The input that an arc and our JSON on it say together. */
export function joined(place: string, weight: number, with_: Record<string, Json> | undefined): Json {
  if (with_ === undefined) return plainInput(place, weight) as Json
  return weight >= 2 ? { from: place, ...with_, take: weight } : { from: place, ...with_ }
}
