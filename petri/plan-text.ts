import { canonicalText } from './canonical.js'
import type { Difference } from './difference.js'
import { isObject, type Json } from './json.js'
import type { ArcPlan, NetPlan, PlacePlan, Plan, TransitionPlan, Verb } from './plan.js'

export interface PlanStyle {
  /** escape codes of a terminal; none unless true */
  readonly colour?: boolean
}

const SIGNS: Readonly<Record<Verb, string>> = { add: '+', remove: '-', change: '~' }
const COLOURS: Readonly<Record<Verb, number>> = { add: 32, remove: 31, change: 33 }
/** A change of one text in another reads better below than beside it from here on. */
const WIDE = 60

interface Line {
  readonly depth: number
  readonly verb: Verb | undefined
  readonly text: string
}

/** The plan as people read it: `+`, `-` and `~` lines under each net, and a last line that counts. */
export function printPlan(plan: Plan, style: PlanStyle = {}): string {
  const lines: Line[] = []
  for (const { session, verb, differences } of plan.sessions) {
    lines.push({ depth: 0, verb, text: `session ${session}` }, ...shown(differences, 1))
  }
  for (const net of plan.nets) lines.push(...netLines(net))
  lines.push({ depth: 0, verb: undefined, text: summary(plan) })
  return lines.map((line) => printed(line, style)).join('\n')
}

/** One net alone, without the last line; empty when nothing differs. */
export function printNetPlan(plan: NetPlan, style: PlanStyle = {}): string {
  return plan.verb === 'same' ? '' : netLines(plan).map((line) => printed(line, style)).join('\n')
}

function printed({ depth, verb, text }: Line, { colour }: PlanStyle): string {
  const line = `${'  '.repeat(depth)}${verb ? `${SIGNS[verb]} ` : ''}${text}`
  return colour && verb ? `\u001b[${COLOURS[verb]}m${line}\u001b[0m` : line
}

function netLines(plan: NetPlan): Line[] {
  const verb = plan.verb === 'same' ? 'change' : plan.verb
  return [
    { depth: 0, verb, text: `net ${plan.session}/${plan.net}` },
    ...shown(plan.differences, 1),
    ...plan.places.flatMap(placeLines),
    ...plan.transitions.flatMap(transitionLines),
  ]
}

function placeLines({ name, verb, differences, tokens }: PlacePlan): Line[] {
  return [
    { depth: 1, verb, text: `place ${name}` },
    ...shown(differences, 2, verb !== 'change'),
    ...bag(tokens.removed, 'remove'),
    ...bag(tokens.added, 'add'),
  ]
}

/** Equal tokens on one line, with how many there are. */
function bag(tokens: readonly Json[], verb: Verb): Line[] {
  const counts = new Map<string, number>()
  for (const token of tokens) counts.set(canonicalText(token), (counts.get(canonicalText(token)) ?? 0) + 1)
  return [...counts].map(([text, count]) => ({ depth: 2, verb, text: `token ${clean(text)}${count === 1 ? '' : ` (${count} times)`}` }))
}

function transitionLines({ name, verb, differences, inputs, outputs, order }: TransitionPlan): Line[] {
  return [
    { depth: 1, verb, text: `transition ${name}` },
    ...shown(differences, 2, verb !== 'change'),
    ...inputs.flatMap((arc) => arcLines('in', arc)),
    ...(order ? [{ depth: 2, verb: verb === 'add' ? verb : ('change' as const), text: `binding order: ${order.before.length === 0 ? '' : `${order.before.join(', ')} -> `}${order.after.join(', ')}` }] : []),
    ...outputs.flatMap((arc) => arcLines('out', arc)),
  ]
}

function arcLines(side: 'in' | 'out', { name, verb, differences }: ArcPlan): Line[] {
  return [{ depth: 2, verb, text: `${side} ${name}` }, ...shown(differences, 3, verb !== 'change')]
}

/** What goes without saying when a whole element comes or goes: the language's defaults. */
const USUAL: ReadonlySet<string> = new Set([
  'optional: false', 'otherwise: false', 'take: one', 'when: success', 'emit: ${result}', 'concurrency: 16', 'onDuplicate: refuse', 'maxBytes: 1MiB', 'timeout: 0ms',
  'retry.attempts: 1', 'retry.backoff: 2s..1m', 'schedule.missed: once', 'do.maxBytes: 262144', 'do.expect: [0]', 'do.expect: ["2xx"]',
])

function shown(differences: readonly Difference[], depth: number, whole = false): Line[] {
  const lines = differences.flatMap(({ path, before, after }) => {
    if (before === undefined) return leaves(path, after!, depth, 'add')
    if (after === undefined) return leaves(path, before, depth, 'remove')
    const key = printedPath(path)
    const [old, now] = [printedValue(before), printedValue(after)]
    if (typeof before === 'string' && typeof after === 'string' && (before.includes('\n') || after.includes('\n'))) return [{ depth, verb: 'change' as const, text: `${key}:` }, ...textLines(before, after, depth + 1)]
    if (old.length + now.length <= WIDE) return [{ depth, verb: 'change' as const, text: `${key}: ${old} -> ${now}` }]
    return [{ depth, verb: 'change' as const, text: `${key}:` }, { depth: depth + 1, verb: 'remove' as const, text: old }, { depth: depth + 1, verb: 'add' as const, text: now }]
  })
  return whole ? lines.filter((line) => !USUAL.has(line.text)) : lines
}

/** One line for each value inside; of several lines for a text that has them. */
function leaves(path: Difference['path'], of: Json, depth: number, verb: Verb): Line[] {
  if (isObject(of) && Object.keys(of).length > 0) return Object.keys(of).sort().flatMap((key) => leaves([...path, key], of[key]!, depth, verb))
  // An empty table says nothing, but for a template that is one.
  if (isObject(of) && path[0] !== 'do' && path[0] !== 'emit') return []
  if (isObject(of) && path[0] === 'do' && path.length === 2 && path[1] !== 'template' && path[1] !== 'json') return []
  const key = printedPath(path)
  if (typeof of === 'string' && of.includes('\n')) return [{ depth, verb, text: `${key}:` }, ...rows(of).map((text) => ({ depth: depth + 1, verb, text }))]
  return [{ depth, verb, text: `${key}: ${printedValue(of)}` }]
}

/** What differs between two texts of several lines: the common beginning and end are left out but for one line each. */
function textLines(before: string, after: string, depth: number): Line[] {
  const [a, b] = [rows(before), rows(after)]
  let start = 0
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const plain = (text: string): Line => ({ depth, verb: undefined, text: `  ${text}` })
  return [
    ...a.slice(Math.max(0, start - 1), start).map(plain),
    ...a.slice(start, a.length - end).map((text) => ({ depth, verb: 'remove' as const, text })),
    ...b.slice(start, b.length - end).map((text) => ({ depth, verb: 'add' as const, text })),
    ...a.slice(a.length - end, a.length - end + 1).map(plain),
  ]
}

function rows(text: string): string[] {
  return text.replace(/\n$/, '').split('\n').map(clean)
}

/** `do.argv[2]`; a key that could be read as part of the path is quoted. */
function printedPath(path: Difference['path']): string {
  return path.map((step, at) => (typeof step === 'number' ? `[${step}]` : /^[A-Za-z_][\w-]*$/.test(step) ? `${at === 0 ? '' : '.'}${step}` : `[${clean(JSON.stringify(step))}]`)).join('')
}

function printedValue(of: Json): string {
  return clean(typeof of === 'string' && of !== '' && of.trim() === of && !/^[[{"]|^-?\d+(\.\d+)?([eE][+-]?\d+)?$|^(true|false|null)$|->/.test(of) ? of : canonicalText(of))
}

/** Control and direction characters shown, not sent: a net must not steer the terminal of the one who reviews it. */
function clean(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function summary({ sessions, nets }: Plan): string {
  if (sessions.length + nets.length === 0) return 'No changes.'
  const verbs = [...sessions.map(({ verb }) => verb), ...nets.flatMap(elements)]
  const count = (verb: Verb): number => verbs.filter((one) => one === verb).length
  const changed = nets.length === 1 ? '1 net' : `${nets.length} nets`
  return `Plan: ${changed}; ${count('add')} to add, ${count('change')} to change, ${count('remove')} to remove.`
}

/** One verb for each place and transition, and one for the net where it says something of its own. */
function elements({ verb, differences, places, transitions }: NetPlan): Verb[] {
  const own: Verb[] = verb === 'same' || (verb === 'change' && differences.length === 0) ? [] : [verb]
  return [...own, ...places.map((place) => place.verb), ...transitions.map((transition) => transition.verb)]
}
