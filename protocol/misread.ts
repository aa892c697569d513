import type { z } from 'zod'
import { nearest } from '../petri/nearest.js'

export interface Misread {
  /** keys from the outside in, joined by dots; '' for the whole */
  readonly path: string
  readonly message: string
  /** what to do, where that can be told */
  readonly remedy: string | undefined
}

/** What a schema has against a value, in words: no text of the library's own, and the nearest key for an unknown one. */
export function misread(issue: z.core.$ZodIssue, schema: unknown, above: readonly PropertyKey[] = []): Misread {
  const path = [...above, ...issue.path]
  if (issue.code === 'invalid_union') {
    const branch = [...issue.errors].sort((a, b) => a.length - b.length || depth(b) - depth(a))[0]?.[0]
    if (branch !== undefined) return misread(branch, schema, path)
  }
  const [message, remedy] = words(issue, schema, path)
  return { path: path.join('.'), message, remedy }
}

function words(issue: z.core.$ZodIssue, schema: unknown, path: readonly PropertyKey[]): [string, string | undefined] {
  switch (issue.code) {
    case 'unrecognized_keys': {
      const key = issue.keys[0] ?? ''
      const known = keysAt(schema, path)
      // of two forms of a body, it belongs to the other one
      if (known.includes(key)) return [`the key "${key}" does not go with the others here`, 'give the keys of one form; /docs shows them']
      const near = nearest(key, known)
      const list = known.length === 0 ? 'nothing is taken here' : `the keys here are ${known.join(', ')}`
      return [`there is no key "${key.slice(0, 100)}"`, near === undefined ? list : `did you mean "${near}"? ${list}`]
    }
    case 'invalid_type':
      if (!issue.message.startsWith('Invalid input')) break
      return [issue.message.endsWith('received undefined') ? 'it is missing' : `it must be ${TYPES[issue.expected] ?? issue.expected}`, undefined]
    case 'too_small':
      if (!issue.message.startsWith('Too small')) break
      if (issue.minimum === 1 && (issue.origin === 'string' || issue.origin === 'array')) return ['it must not be empty', undefined]
      return [issue.origin === 'string' || issue.origin === 'array' ? `it must have at least ${issue.minimum} ${issue.origin === 'string' ? 'characters' : 'items'}` : `it must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`, undefined]
    case 'too_big':
      if (!issue.message.startsWith('Too big')) break
      return [`it must ${issue.origin === 'string' ? `have at most ${issue.maximum} characters` : issue.origin === 'array' ? `have at most ${issue.maximum} items` : `be at most ${issue.maximum}`}`, undefined]
    case 'invalid_value':
      if (!issue.message.startsWith('Invalid')) break
      return [`it must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`, undefined]
    case 'invalid_format':
      if (!issue.message.startsWith('Invalid')) break
      return [`it must be ${FORMATS[issue.format] ?? `a ${issue.format}`}`, undefined]
    case 'invalid_union':
      return ['it is of no form that is taken here', undefined]
  }
  return [issue.message, undefined]
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'an object', record: 'an object', array: 'a list', tuple: 'a list', string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false', undefined: 'left out', null: 'null',
}
const FORMATS: Readonly<Record<string, string>> = { uuid: 'a UUID', datetime: 'an RFC 3339 time such as 2026-01-31T12:00:00Z', url: 'an address' }

const depth = (issues: readonly z.core.$ZodIssue[]): number => issues[0]?.path.length ?? 0

interface Inside {
  readonly def?: { readonly shape?: Record<string, Inside>; readonly innerType?: Inside; readonly element?: Inside; readonly valueType?: Inside; readonly options?: readonly Inside[]; readonly in?: Inside }
}

/** The keys that a schema takes at a path, of every form it has. */
function keysAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  const def = (schema as Inside | undefined)?.def
  if (def === undefined) return []
  const inner = def.innerType ?? def.in
  if (inner !== undefined) return keysAt(inner, path)
  if (def.options !== undefined) return [...new Set(def.options.flatMap((option) => keysAt(option, path)))]
  const [step, ...rest] = path
  if (step === undefined) return Object.keys(def.shape ?? {})
  if (def.element !== undefined) return keysAt(def.element, rest)
  return keysAt(def.shape !== undefined && Object.hasOwn(def.shape, step) ? def.shape[String(step)] : def.valueType, rest)
}
