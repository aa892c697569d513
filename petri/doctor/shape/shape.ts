import type { Step } from '../../arcql/path.js'
import { isObject, type Json } from '../../json.js'
import type { ValueType } from '../../template/function.js'

/** What a value may look like, as far as a file can tell. It never rules out what can come, unless `sure` is false. */
export interface Shape {
  /** any value at all; nothing below counts then */
  readonly any: boolean
  /** false: what comes from outside (a put) may differ */
  readonly sure: boolean
  readonly types: ReadonlySet<ValueType>
  /** of objects: their keys; `sure` keys are in each of them */
  readonly keys: ReadonlyMap<string, { readonly shape: Shape; readonly always: boolean }>
  /** of objects: keys that are not listed may be there too */
  readonly open: boolean
  /** of lists: the elements */
  readonly element: Shape | undefined
}

const NO_KEYS: Shape['keys'] = new Map()

export const ANY: Shape = { any: true, sure: true, types: new Set(), keys: NO_KEYS, open: true, element: undefined }
export const NEVER: Shape = { any: false, sure: true, types: new Set(), keys: NO_KEYS, open: false, element: undefined }

export function typed(...types: ValueType[]): Shape {
  return { ...NEVER, types: new Set(types), open: types.includes('object') }
}

/** An object of these keys and no others; `sometimes` may be missing. */
export function objectOf(always: Readonly<Record<string, Shape>>, sometimes: Readonly<Record<string, Shape>> = {}): Shape {
  const keys = new Map<string, { shape: Shape; always: boolean }>()
  for (const [key, shape] of Object.entries(always)) keys.set(key, { shape, always: true })
  for (const [key, shape] of Object.entries(sometimes)) keys.set(key, { shape, always: false })
  return { ...NEVER, types: new Set(['object']), keys, sure: [...keys.values()].every(({ shape }) => shape.sure) }
}

export function listOf(element: Shape): Shape {
  return { ...NEVER, types: new Set(['list']), element, sure: element.sure }
}

export function unsure(shape: Shape): Shape {
  return { ...shape, sure: false }
}

/** What may be either. */
export function either(a: Shape, b: Shape): Shape {
  if (a === NEVER) return b
  if (b === NEVER) return a
  const sure = a.sure && b.sure
  if (a.any || b.any) return { ...ANY, sure }
  const bothObjects = a.types.has('object') && b.types.has('object')
  return {
    any: false,
    sure,
    types: new Set([...a.types, ...b.types]),
    keys: bothObjects ? joined(a.keys, b.keys) : a.types.has('object') ? a.keys : b.keys,
    open: a.open || b.open,
    element: a.element && b.element ? either(a.element, b.element) : (a.element ?? b.element),
  }
}

function joined(a: Shape['keys'], b: Shape['keys']): Shape['keys'] {
  const keys = new Map<string, { shape: Shape; always: boolean }>()
  for (const [key, one] of a) {
    const other = b.get(key)
    keys.set(key, other ? { shape: either(one.shape, other.shape), always: one.always && other.always } : { ...one, always: false })
  }
  for (const [key, one] of b) if (!a.has(key)) keys.set(key, { ...one, always: false })
  return keys
}

/** The shape of exactly this value. */
export function shapeOf(value: Json): Shape {
  if (Array.isArray(value)) return listOf(value.slice(0, 100).map(shapeOf).reduce(either, NEVER))
  if (isObject(value)) return objectOf(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shapeOf(item)])))
  return typed(value === null ? 'null' : typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'boolean')
}

/** Where a path leads; `missing` names the first step that can lead nowhere at all. */
export function follow(shape: Shape, steps: readonly Step[]): { readonly shape: Shape; readonly missing?: { readonly step: Step; readonly at: number; readonly in: Shape } } {
  let at = shape
  let sure = shape.sure
  for (const [index, step] of steps.entries()) {
    if (at.any) return { shape: { ...ANY, sure } }
    const next = take(at, step)
    if (!next) return { shape: NEVER, missing: { step, at: index, in: { ...at, sure } } }
    at = next
    sure &&= at.sure
  }
  return { shape: { ...at, sure } }
}

function take(shape: Shape, step: Step): Shape | undefined {
  if (typeof step === 'number') return shape.types.has('list') ? (shape.element === undefined || shape.element === NEVER ? ANY : shape.element) : undefined
  if (!shape.types.has('object')) return undefined
  return shape.keys.get(step)?.shape ?? (shape.open ? ANY : undefined)
}
