import { editorSchema } from './editor-schema.js'
import { isObject, own, type Json, type JsonObject } from './json.js'
import { PARAM } from './scalar.js'
import { TEMPLATE_FUNCTIONS } from './template/functions.js'

let known: string | undefined

/** The language of net files on a few pages, for agents: keys and functions come from the schemas that check them, so it cannot drift. */
export function languageReference(): string {
  return (known ??= written(editorSchema('Net'), editorSchema('Session')))
}

function written(net: JsonObject, session: JsonObject): string {
  return [
    INTRODUCTION,
    '## Keys of a net', keysOf(net, net, ['apiVersion', 'kind', 'metadata']),
    '## Keys of a place', keysOf(defined(net, 'Place'), net),
    '## Keys of a transition, whatever its kind', keysOf(variant(net, 'pass'), net, ['kind']),
    '## Keys of an input arc', keysOf(tableOf(defined(net, 'Input')), net),
    '## Keys of an output arc', keysOf(tableOf(defined(net, 'Output')), net),
    '## do, by kind', KINDS, ...['map', 'link', 'http', 'command', 'llm', 'agent'].map((kind) => `${kind}\n${keysOf(own(properties(variant(net, kind)), 'do'), net)}`),
    '## Keys of session.yaml (kind: Session)', keysOf(session, session, ['apiVersion', 'kind', 'metadata']),
    '## Conditions (ArcQL)', ARCQL,
    '## Templates', TEMPLATES, functions(),
    '## What works', IDIOMS,
  ].join('\n\n')
}

const INTRODUCTION = `# Net files

A net is a coloured Petri net in YAML. Places hold tokens (JSON). A transition takes tokens by its in arcs, does something, and puts tokens by its out arcs, all in one step or not at all.

apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: watch, title: Count what fails}
places:
  lines: {category: task}
  counters: {category: task, key: $.ip}
  alerts: {category: task, key: $.ip, onDuplicate: ignore}
transitions:
  count:
    kind: map
    in:
      line: {from: lines, where: '$.text CONTAINS "Failed"'}
      seen: {from: counters, where: '$.ip == \${line.ip}', optional: true}
    do: {template: {ip: '\${line.ip}', count: '\${seen.count | default(0) | add(1)}'}}
    out: {counters: {}}
  raise:
    kind: pass
    in: {hit: {from: counters, where: $.count >= 5}}
    out: {alerts: {}}

Names: a-z, then a-z, 0-9 and -. Variables: a-z, then letters and digits; not result, error, item, params. Unknown keys are refused. Durations: 500ms 30s 5m 2h 7d. Rates: 10/m. Sizes: 64KiB. Quote texts with \${}, : or #.`

const KINDS = `pass has no do: the result is its one input, or an object of the inputs. map: the filled-in template. link: none, it never fires. http: {status, headers, body, durationMs}, and value when parsed. command: {exitCode, stdout, stderr, durationMs}, and value when parsed. llm: the answer that fits schema, else {text}. agent: what it gives to DONE, else {text}.`

const ARCQL = `$.a.b[0] is a path into the token; $_.createdAt reads its metadata; literals are JSON; \${earlier.path} is another variable: that is a join.
== != < <= > >= IN CONTAINS, STARTS WITH, MATCHES /re2/, EXISTS $.path, AND OR NOT ( ). What is not there compares false, != too.
orderBy: $.priority DESC, $.at`

const TEMPLATES = `\${root.path | function(argument) | function} in any text. Alone it keeps its type; inside a longer text it is text. $\${ is a literal \${.
Roots: input variables; _x (metadata of variable x: id, createdAt, correlationId); params; in do and out _firing (id, at, attempt); in out result; on error arcs error (code, message, attempts, detail); with each item and _index; after an approval _approval. A path that leads nowhere is an error, but for default(x).`

const IDIOMS = `- Every transition consumes by an input that is not optional, or has a schedule.
- One at a time and exactly once: take one token from a task place. Reading (context, learning, mode: read) blocks nobody.
- Counter or state for each key: consume its token with optional: true and a join, put the new one back; key: $.id keeps it single.
- Branch: two outputs with when conditions and one with when: otherwise; or two transitions with where and otherwise: true.
- Errors: an output with when: error gets {error, input}; without one a failed firing lies in _failed, the dead letters of the net.
- Bounded loop: a round number in the token, a where that ends it, a second transition for those that are over.
- Time-out: {from: orders, after: 3d} with an inhibit arc on what should have come.
- Every five minutes: schedule: {every: 5m} on an http transition without inputs; keep what changed by a join with the last state.
- Many from one: each: '\${result.value.items}' with emit: '\${item}'. All of a batch: take: all.
- Money: llm, agent and cost want a budget on the transition, the net or the session.
- A person decides: approval: merge on the transition that acts.
- Commands: argv with data as arguments after --, never a script with data in it. Secrets: credentials: {TOKEN: env:TOKEN} and \${credentials.TOKEN} in headers, query and form of http.`

function functions(): string {
  return `Functions: ${[...TEMPLATE_FUNCTIONS.values()].map(({ usage }) => usage).join(', ')}.`
}

/** A line for each key: what it takes and what it says. */
function keysOf(schema: Json | undefined, root: JsonObject, but: readonly string[] = [], indent = ''): string {
  const required = isObject(schema) ? own(schema, 'required') : undefined
  return Object.entries(properties(schema)).filter(([key]) => !but.includes(key)).map(([key, property]) => {
    const meant = followed(property, root)
    const words = [typeText(property, root), Array.isArray(required) && required.includes(key) ? 'required' : ''].filter((word) => word !== '').join(', ')
    const line = `${indent}- ${key}${words === '' ? '' : ` (${words})`}: ${describing(property, root)}`
    // foreign is other tools' business: agents leave it alone
    const inner = key === 'foreign' || SHOWN.has(refOf(property)) ? '' : keysOf(tableOf(meant), root, [], `${indent}  `)
    return inner === '' ? line : `${line}\n${inner}`
  }).join('\n')
}

/** Definitions that have a section of their own. */
const SHOWN: ReadonlySet<string> = new Set(['Place', 'Input', 'Output', 'Transition'])

function typeText(schema: Json | undefined, root: JsonObject): string {
  const meant = followed(schema, root)
  if (!isObject(meant)) return ''
  const values = own(meant, 'enum')
  if (Array.isArray(values)) return values.join('|')
  if (own(meant, 'const') !== undefined) return String(own(meant, 'const'))
  const options = branches(meant)
  if (options.length > 0) {
    const told = options.filter((option) => !isObject(option) || own(option, 'type') !== 'object').map((option) => typeText(option, root))
    return told.includes('') ? '' : [...new Set(told)].join(' or ')
  }
  switch (own(meant, 'type')) {
    case 'integer': return rangeText(meant)
    case 'number': return 'number'
    case 'boolean': return 'true|false'
    case 'array': return 'list'
    default: return ''
  }
}

function rangeText(schema: JsonObject): string {
  const most = own(schema, 'maximum')
  return typeof most === 'number' && most < Number.MAX_SAFE_INTEGER ? `${String(own(schema, 'minimum'))}..${most}` : 'whole number'
}

/** The alternatives of a union, without `${params.x}`, which every scalar takes. */
function branches(schema: JsonObject): Json[] {
  const all = own(schema, 'anyOf') ?? own(schema, 'oneOf')
  return Array.isArray(all) ? all.filter((option) => !isObject(option) || own(option, 'pattern') !== PARAM.source) : []
}

/** The object among the alternatives, or the schema itself. */
function tableOf(schema: Json | undefined): Json | undefined {
  if (!isObject(schema) || own(schema, 'properties') !== undefined) return schema
  return branches(schema).find((option) => isObject(option) && own(option, 'properties') !== undefined)
}

function describing(schema: Json | undefined, root: JsonObject): string {
  const meant = followed(schema, root)
  const said = [schema, meant].map((one) => (isObject(one) ? own(one, 'description') : undefined))
  return String(said.find((text) => text !== undefined) ?? '')
}

function properties(schema: Json | undefined): JsonObject {
  const found = isObject(schema) ? own(schema, 'properties') : undefined
  return isObject(found) ? found : {}
}

function refOf(schema: Json | undefined): string {
  const ref = isObject(schema) ? own(schema, '$ref') : undefined
  return typeof ref === 'string' ? (ref.split('/').at(-1) ?? '') : ''
}

function followed(schema: Json | undefined, root: JsonObject): Json | undefined {
  const name = refOf(schema)
  return name === '' ? schema : defined(root, name)
}

function defined(root: JsonObject, name: string): Json | undefined {
  const all = own(root, '$defs')
  return isObject(all) ? own(all, name) : undefined
}

/** The schema of a transition of a kind. */
function variant(net: JsonObject, kind: string): Json | undefined {
  const transitions = own(properties(net), 'transitions')
  const each = isObject(transitions) ? own(transitions, 'additionalProperties') : undefined
  return (isObject(each) ? branches(each) : []).find((option) => {
    const word = own(properties(option), 'kind')
    return isObject(word) && own(word, 'const') === kind
  })
}
