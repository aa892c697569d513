import type { Step } from '../arcql/path.js'
import type { Json, JsonObject } from '../json.js'
import type { Pattern } from '../pattern.js'

export type ValueType = 'text' | 'list' | 'object' | 'number' | 'boolean' | 'null'

/** A path from an element of a list: `$.ip` in `map($.ip)`. */
export interface ElementPath {
  readonly steps: readonly Step[]
  readonly read: (element: Json) => Json | undefined
}

/** What a parameter wants: a value of a type, a path from each element, a pattern; `?` may be left out, `...` repeats. */
export type Form = 'value' | 'text' | 'integer' | 'number' | 'object' | 'path' | 'pattern'
export type Parameter = Form | `${Form}?` | `...${Form}`

type Value<F> = F extends 'text' ? string
  : F extends 'integer' | 'number' ? number
  : F extends 'object' ? JsonObject
  : F extends 'path' ? ElementPath
  : F extends 'pattern' ? Pattern
  : Json

export type Arguments<P extends readonly Parameter[]> = P extends readonly [`...${infer F}`]
  ? Value<F>[]
  : { [I in keyof P]: P[I] extends `${infer F}?` ? Value<F> | undefined : Value<P[I]> }

type Input<T> = T extends 'text' ? string
  : T extends 'list' ? readonly Json[]
  : T extends 'object' ? JsonObject
  : T extends 'number' ? number
  : Json

/** A function of the template language: total on what it takes, pure, and only this. */
export interface TemplateFunction {
  readonly name: string
  /** as the reference shows it: `slice(from, to?)` */
  readonly usage: string
  readonly takes: readonly ValueType[] | 'any'
  readonly parameters: readonly Parameter[]
  /** throws FunctionFault; undefined is "missing", which only `default` takes */
  readonly apply: (input: Json, ...args: never[]) => Json | undefined
}

/** Why a function cannot give a value; the template it stands in adds the place. */
export class FunctionFault extends Error {
  readonly remedy: string

  constructor(message: string, remedy: string) {
    super(message)
    this.name = 'FunctionFault'
    this.remedy = remedy
  }
}

export function define<const T extends ValueType | 'any', const P extends readonly Parameter[]>(
  usage: string,
  takes: T | readonly T[],
  parameters: P,
  apply: (input: Input<T>, ...args: Arguments<P>) => Json | undefined,
): TemplateFunction {
  const types = (typeof takes === 'string' ? [takes] : takes) as readonly (ValueType | 'any')[]
  return {
    name: usage.replace(/\(.*/s, ''),
    usage,
    takes: types.includes('any') ? 'any' : (types as readonly ValueType[]),
    parameters,
    apply: apply as unknown as TemplateFunction['apply'],
  }
}

export function typeOf(value: Json): ValueType {
  switch (typeof value) {
    case 'string':
      return 'text'
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    default:
      return value === null ? 'null' : Array.isArray(value) ? 'list' : 'object'
  }
}
