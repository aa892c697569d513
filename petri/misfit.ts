import { z } from 'zod'
import type { Fault } from './fault.js'
import { nearest } from './nearest.js'

type Path = readonly (string | number)[]
type Issue = z.core.$ZodIssue

/** Every way in which a value is not what a schema of the language asks for, with the nearest known name; `page` tells of its keys. */
export function misfits(schema: z.ZodType, value: unknown, page = 'docs/net-files.md'): Fault[] {
  const result = schema.safeParse(value)
  const faults = result.success ? [] : result.error.issues.flatMap((issue) => explain(issue, [], value, page))
  const told = new Set(faults.map((fault) => fault.path.join('\0')))
  return [...faults, ...prototypeKeys(value, []).filter((fault) => !told.has(fault.path.join('\0')))]
}

function explain(issue: Issue, above: Path, value: unknown, page: string): Fault[] {
  const path = [...above, ...issue.path] as Path
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, issue.message.split(' '), path))
  if (issue.code === 'invalid_key') return [{ code: 'bad-name', path, message: `${where(path)}: "${path.at(-1)}" ${issue.issues[0]?.message ?? 'is no name'}`, remedy: 'rename it' }]
  const inside = issue.code === 'invalid_union' ? bestBranch(issue.errors, path, value) : undefined
  if (inside) return inside.flatMap((inner) => explain(inner, path, value, page))
  const found = at(value, path)
  if (found === undefined && path.length > 0) return [missing(path, issue.message)]
  return [{ code: 'bad-value', path, message: `${where(path)} ${sentence(issue)}${shown(found)}`, remedy: remedyFor(issue, found, page) }]
}

/** The branch of a union that the author meant: the one of the value's own shape whose complaints lie inside it. */
function bestBranch(branches: readonly (readonly Issue[])[], path: Path, value: unknown): readonly Issue[] | undefined {
  const found = at(value, path)
  if (typeof found !== 'object' || found === null) return undefined
  const inside = branches.filter((issues) => !issues.some((issue) => issue.path.length === 0 && issue.code !== 'unrecognized_keys' && issue.code !== 'custom'))
  return inside.sort((a, b) => a.length - b.length)[0]
}

function unknownKey(key: string, known: readonly string[], path: Path): Fault {
  const near = nearest(key, known)
  const list = `the keys here are ${known.join(', ')}`
  return { code: 'unknown-key', path: [...path, key], message: `${where(path)} has no key "${key}"`, remedy: near ? `did you mean "${near}"? ${list}` : list }
}

function missing(path: Path, message: string): Fault {
  const key = String(path.at(-1))
  const hint = /^must (be|have) /.test(message) ? `; it ${message}` : ''
  return { code: 'missing-key', path, message: `${where(path.slice(0, -1))} has no "${key}"`, remedy: `add ${key}${hint}` }
}

function sentence(issue: Issue): string {
  if (/^(must|has) /.test(issue.message)) return issue.message
  if (issue.code === 'invalid_type') return `must be ${TYPES[issue.expected] ?? issue.expected}`
  if (issue.code === 'too_small') return issue.origin === 'string' || issue.origin === 'array' ? 'must not be empty' : `must be at least ${issue.minimum}`
  if (issue.code === 'too_big') return issue.origin === 'number' || issue.origin === 'int' ? `must be at most ${issue.maximum}` : `must not be longer than ${issue.maximum}`
  if (issue.code === 'invalid_value') return `must be ${issue.values.join(' or ')}`
  return 'is not what is expected here'
}

const TYPES: Readonly<Record<string, string>> = { object: 'a table of keys', record: 'a table of keys', array: 'a list', tuple: 'a list', string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false' }

function remedyFor(issue: Issue, found: unknown, page: string): string {
  if (typeof found === 'string') {
    const told = /one of ([A-Za-z, ]+)/.exec(issue.message)?.[1]?.split(/, | or /) ?? []
    const near = nearest(found, issue.code === 'invalid_value' ? issue.values.map(String) : told)
    if (near !== undefined) return `did you mean "${near}"?`
  }
  return found === null ? 'leave the key out, or give it a value ({} for an empty one)' : `change it: ${page} says what each key takes`
}

function shown(found: unknown): string {
  if (found === undefined) return ''
  const text = JSON.stringify(found, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  return text.length > 60 ? '' : `, and is ${text}`
}

/** `transitions.count.in.hit`: how a finding names a path. */
export function where(path: Path): string {
  if (path.length === 0) return 'the file'
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`)).join('')
}

function at(value: unknown, path: Path): unknown {
  let inner = value
  for (const step of path) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, step)) return undefined
    inner = (inner as Record<string | number, unknown>)[step]
  }
  return inner
}

/** zod passes over a key called `__proto__` without a word: in a table of names it is a bad name, anywhere else unknown. */
function prototypeKeys(value: unknown, path: Path): Fault[] {
  if (path.length > 5 || typeof value !== 'object' || value === null || Array.isArray(value)) return []
  const faults: Fault[] = []
  for (const [key, inner] of Object.entries(value)) {
    if (JSON_KEYS.has(key)) continue
    if (key === '__proto__') faults.push({ code: 'bad-name', path: [...path, key], message: `${where(path)}: "__proto__" is no name`, remedy: 'rename it' })
    else if (path[0] !== 'params') faults.push(...prototypeKeys(inner, [...path, key]))
  }
  return faults
}

/** Keys whose value is any JSON: there `__proto__` is a key like every other. */
const JSON_KEYS: ReadonlySet<string> = new Set(['tokens', 'schema', 'template', 'emit', 'json'])
