import type { Json } from '../json.js'

/** A key of an object (text) or an index of a list (number). */
export type Step = string | number

/** `$.a.b[0]["odd key"]`, or the same on `$_`, a token's `_meta`. */
export interface Path {
  readonly base: 'data' | 'meta'
  readonly steps: readonly Step[]
}

export type Reader = (value: Json) => Json | undefined

/** The value a path leads to, or undefined where it leads nowhere. Only a value's own keys count, whatever their name. */
export function readPath(path: Path, data: Json): Json | undefined {
  return readSteps(path.steps, data)
}

export function readSteps(steps: readonly Step[], data: Json): Json | undefined {
  let value: Json | undefined = data
  for (let index = 0; index < steps.length; index++) {
    value = step(value, steps[index]!)
    if (value === undefined) return undefined
  }
  return value
}

function step(value: Json, by: Step): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (typeof by === 'number') return Array.isArray(value) ? value[by] : undefined
  return !Array.isArray(value) && Object.hasOwn(value, by) ? (value as { readonly [key: string]: Json })[by] : undefined
}

/** `readPath` with the steps laid out beforehand: what hot loops call. */
export function compileSteps(steps: readonly Step[]): Reader {
  const [first, second] = steps
  if (first === undefined) return (value) => value
  if (steps.every(plain)) {
    if (second === undefined) return (value) => (typeof value === 'object' && value !== null ? (value as Keyed)[first] : undefined)
    if (steps.length === 2) {
      return (value) => {
        if (typeof value !== 'object' || value === null) return undefined
        const inner = (value as Keyed)[first]
        return typeof inner === 'object' && inner !== null ? (inner as Keyed)[second] : undefined
      }
    }
  }
  return (value) => readSteps(steps, value)
}

type Keyed = { readonly [key: Step]: Json }

/** A key that no list, object or prototype has of itself can be read without asking whose it is. */
function plain(by: Step): boolean {
  return typeof by === 'string' && !(by in Array.prototype) && !/^\d/.test(by)
}

const NAME = /^[\p{L}_][\p{L}\p{N}_-]*$/u

/** `$.a[0]`: the text that parses to the path. */
export function printPath(path: Path): string {
  return `${path.base === 'data' ? '$' : '$_'}${printSteps(path.steps)}`
}

export function printSteps(steps: readonly Step[]): string {
  return steps.map((by) => (typeof by === 'number' ? `[${by}]` : NAME.test(by) ? `.${by}` : `[${JSON.stringify(by)}]`)).join('')
}
