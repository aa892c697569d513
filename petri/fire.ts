import { boundedText, canonicalText, Oversize, utf8Length } from './canonical.js'
import type { OutputProgram, Program, TransitionProgram } from './compile.js'
import { isObject, type Json, type JsonObject } from './json.js'
import { RequestFault } from './kinds/request-fault.js'
import type { Address } from './net.js'
import { fill, TemplateError, type Roots } from './template.js'

/** What fixes a firing but is no token: the same stamp on the same binding gives the same firing, always. */
export interface Stamp {
  /** number of the event that begins the firing: its id */
  readonly event: number
  /** milliseconds since the epoch: the batch's time */
  readonly at: number
  readonly revision: string
  readonly attempt: number
  readonly correlationId: string
}

/** A token to be: its place, its value and the value's canonical text. */
export interface Product {
  readonly place: Address
  /** `session/net/place` when it leaves for another session */
  readonly sends: string | undefined
  readonly data: Json
  readonly text: string
}

/** Why a firing failed; `error` as error arcs see it. */
export interface Fault {
  readonly code: string
  readonly message: string
  readonly attempts: number
  readonly detail: Json
}

export type Conclusion =
  | { readonly ok: true; readonly products: readonly Product[]; readonly dropped: boolean; readonly usd: number | undefined }
  | { readonly ok: false; readonly fault: Fault }

/** Most tokens, and bytes of them, that one firing makes. */
const MOST_PRODUCTS = 10_000
const MOST_BYTES = 8 * 2 ** 20

/** Roots of a firing: the binding's, and `_firing`. */
export function firingRoots(binding: Roots, program: TransitionProgram, stamp: Stamp): Roots {
  let firing: Json | undefined
  return (name) => (name === '_firing' ? (firing ??= describe(program, stamp)) : binding(name))
}

function describe(program: TransitionProgram, stamp: Stamp): JsonObject {
  return {
    id: String(stamp.event),
    at: new Date(stamp.at).toISOString(),
    attempt: stamp.attempt,
    revision: stamp.revision,
    net: program.net.name,
    transition: program.transition.name,
    correlationId: stamp.correlationId,
    roll: roll(`${program.net.session}/${stamp.event}`),
  }
}

/** 0 <= n < 1, spread evenly and fixed by the text alone (FNV-1a, 32 bit, with the finaliser of MurmurHash3). */
export function roll(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

/** The whole firing of a pure transition: its result, and what its success arcs make of it. */
export function fire(program: Program, transition: TransitionProgram, roots: Roots): Conclusion {
  try {
    return conclude(program, transition, roots, resultOf(transition, roots))
  } catch (error) {
    return failure(error, 1)
  }
}

/** The result of a pure transition alone, before its arcs are asked: a person approved it first. */
export function pureResult(transition: TransitionProgram, roots: Roots): { readonly ok: true; readonly result: Json } | { readonly ok: false; readonly fault: Fault } {
  try {
    return { ok: true, result: resultOf(transition, roots) }
  } catch (error) {
    const outcome = failure(error, 1)
    if (outcome.ok) throw error
    return outcome
  }
}

function resultOf(transition: TransitionProgram, roots: Roots): Json {
  if (transition.transition.kind === 'map') return fill(transition.action, roots)
  const named = transition.inputs.filter((input) => input.arc.mode !== 'inhibit')
  if (named.length === 1) return roots(named[0]!.arc.variable) ?? null
  return Object.fromEntries(named.map((input) => [input.arc.variable, roots(input.arc.variable) ?? null] as const))
}

/** What a result becomes: the tokens of all success arcs that hold, in one step (LANGUAGE: out). */
export function conclude(program: Program, transition: TransitionProgram, roots: Roots, result: Json): Conclusion {
  const scope: Roots = (name) => (name === 'result' ? result : roots(name))
  try {
    const usd = transition.cost === undefined ? undefined : money(fill(transition.cost, scope))
    if (transition.drop?.(subject(result), scope)) return { ok: true, products: [], dropped: true, usd }
    const arcs = transition.outputs.filter((output) => output.arc.on === 'success')
    const products = emit(program, arcs, scope, result)
    if (products === undefined && arcs.length > 0) return fault('no-output-matched', `no output arc of ${transition.address} holds for the result`, 1, { result })
    return { ok: true, products: products ?? [], dropped: false, usd }
  } catch (error) {
    return failure(error, 1, { result })
  }
}

/** What a fault becomes: the tokens of the error arcs that hold, or undefined when none does (then it is a dead letter). */
export function concludeFault(program: Program, transition: TransitionProgram, roots: Roots, error: Fault): readonly Product[] | undefined | Fault {
  const value = error as unknown as JsonObject
  const scope: Roots = (name) => (name === 'error' ? value : roots(name))
  try {
    return emit(program, transition.outputs.filter((output) => output.arc.on === 'error'), scope, value)
  } catch (failed) {
    const outcome = failure(failed, error.attempts)
    return outcome.ok ? undefined : outcome.fault
  }
}

/** `{<variable>: <data>}` of all that a firing bound. */
export function inputData(transition: TransitionProgram, roots: Roots): JsonObject {
  return Object.fromEntries(transition.inputs.filter((input) => input.arc.mode !== 'inhibit').map((input) => [input.arc.variable, roots(input.arc.variable) ?? null] as const))
}

/** The products of the arcs that hold; undefined when none does. */
function emit(program: Program, arcs: readonly OutputProgram[], scope: Roots, asked: Json): readonly Product[] | undefined {
  const products: Product[] = []
  let bytes = 0
  let held = false
  const rivals = new Map<OutputProgram, boolean | boolean[]>()
  const add = (output: OutputProgram, roots: Roots): void => {
    const data = fill(output.emit, roots)
    const text = boundedText(data, MOST_BYTES)
    bytes += text.length
    if (products.length >= MOST_PRODUCTS || bytes > MOST_BYTES) throw new Misfit('too-many-tokens', `a firing makes at most ${MOST_PRODUCTS} tokens and ${MOST_BYTES} bytes of them`)
    checkProduct(program, output, data, text)
    products.push({ place: output.arc.address, sends: output.arc.sends, data, text })
  }
  for (const pass of ['first', 'otherwise'] as const) {
    for (const output of arcs) {
      if ((output.arc.when === 'otherwise') !== (pass === 'otherwise')) continue
      if (output.each !== undefined) {
        const items = list(fill(output.each, scope), output)
        held = true
        const holds: boolean[] = []
        for (const [index, item] of items.entries()) {
          const roots: Roots = (name) => (name === 'item' ? item : name === '_index' ? index : scope(name))
          const yes = pass === 'first' ? (output.condition?.(subject(item), roots) ?? true) : !rivalHolds(rivals, index)
          holds.push(yes)
          if (yes) add(output, roots)
        }
        if (output.condition) rivals.set(output, holds)
      } else {
        const yes = pass === 'first' ? (output.condition?.(subject(asked), scope) ?? true) : !rivalHolds(rivals, undefined)
        if (output.condition) rivals.set(output, yes)
        if (!yes) continue
        held = true
        add(output, scope)
      }
    }
  }
  return held ? products : undefined
}

function rivalHolds(rivals: ReadonlyMap<OutputProgram, boolean | boolean[]>, index: number | undefined): boolean {
  for (const held of rivals.values()) {
    if (typeof held === 'boolean' ? held : index === undefined ? held.includes(true) : held[index]) return true
  }
  return false
}

/** A product that breaks a rule of its place, or of a firing. */
class Misfit extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

function checkProduct(program: Program, output: OutputProgram, data: Json, text: string): void {
  const place = program.places.get(output.arc.address)
  if (place === undefined) return
  if (text.length * 3 > place.place.maxBytes && utf8Length(text) > place.place.maxBytes) {
    throw new Misfit('token-too-large', `a token for ${place.address} has more than its ${place.place.maxBytes} bytes (maxBytes)`)
  }
  const wrong = place.misfits?.(data)
  if (wrong && wrong.length > 0) throw new Misfit('schema-misfit', `a token for ${place.address} does not fit its schema: ${wrong[0]!.path || '$'} ${wrong[0]!.message}`)
}

function subject(data: Json): { data: Json; meta: () => Json } {
  return { data, meta: () => null }
}

function list(value: Json, output: OutputProgram): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[]
  throw new Misfit('template-error', `each of the arc to ${output.arc.to} gives ${isObject(value) ? 'an object' : String(value)}, not a list`)
}

function money(value: Json): number {
  if (typeof value === 'number' && value >= 0) return value
  throw new Misfit('template-error', `cost gives ${canonicalText(value)}, not an amount in US dollars`)
}

/** What was thrown while a firing was computed, as its outcome; anything that is not the net's doing goes on up. */
export function failure(error: unknown, attempts: number, detail: Json = null): Conclusion {
  if (error instanceof Misfit || error instanceof RequestFault) return fault(error.code, error.message, attempts, detail)
  if (error instanceof Oversize) {
    const message = `${error.message} (${error.remedy})`
    return error.code === 'too-deep' ? fault('token-too-deep', message, attempts, detail) : fault('token-too-large', message, attempts, detail)
  }
  if (error instanceof TemplateError) return fault('template-error', `${error.message} (${error.remedy})`, attempts, detail)
  throw error
}

export function fault(code: string, message: string, attempts: number, detail: Json): Conclusion {
  return { ok: false, fault: { code, message, attempts, detail } }
}
