import fc from 'fast-check'
import type { InputFile, OutputFile, TransitionFile } from '../../petri/inscription.js'
import type { NetFile, PlaceFile } from '../../petri/language.js'
import { arbitraryJson, arbitraryText } from './arbitrary-json.js'

const opt = <T extends object>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }, required: (keyof T)[] = []): fc.Arbitrary<T> =>
  fc.record(shape, { requiredKeys: required as never, noNullPrototype: true } as never) as unknown as fc.Arbitrary<T>

/** Names as people give them, and as they can be: like a keyword, like a word that YAML 1.1 reads as a boolean, long. */
export const arbitraryName: fc.Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/),
  fc.constantFrom('y', 'n', 'on', 'yes', 'null', 'true', 'result', 'constructor', 'hasown', 'a-', 'in', 'page', 'net', `z${'9'.repeat(62)}`),
)
const variable = fc.oneof(fc.stringMatching(/^[a-z][A-Za-z0-9]{0,8}$/), fc.constantFrom('constructor', 'toString', 'y', 'on'))
const duration = fc.constantFrom('500ms', '30s', '5m', '2h', '7d', '${params.wait}')
const truth = fc.constantFrom<boolean | string>(true, false, '${params.flag}')
const whole = fc.oneof<fc.Arbitrary<number | string>[]>(fc.integer({ min: 1, max: 1000 }), fc.constant('${params.n}'))
const budget = fc.record({ usd: fc.constantFrom<number | string>(0.05, 2, '0.000001', '${params.usd}'), per: fc.constantFrom('firing', 'hour', 'day', 'month') })
const described = { title: arbitraryText, description: arbitraryText }

const place: fc.Arbitrary<PlaceFile> = opt<Record<string, unknown>>({
  category: fc.constantFrom('task', 'context', 'tool', 'learning', '${params.category}'),
  tokens: fc.oneof(fc.array(arbitraryJson, { maxLength: 3 }), fc.nat(1_000_000), fc.constant([]), fc.constant(Number.MAX_SAFE_INTEGER)),
  capacity: whole,
  schema: arbitraryJson,
  key: fc.oneof(arbitraryText, fc.array(arbitraryText, { minLength: 1, maxLength: 2 })),
  onDuplicate: fc.constantFrom('refuse', 'replace', 'ignore'),
  keep: whole,
  ttl: duration,
  maxBytes: fc.constantFrom('64KiB', 100),
  shares: fc.constantFrom('other/place', '${params.owner}'),
  open: fc.array(arbitraryText, { maxLength: 2 }),
  sends: fc.constant('far/other/place'),
  ...described,
}, ['category']) as fc.Arbitrary<PlaceFile>

function input(places: readonly string[]): fc.Arbitrary<InputFile> {
  const from = fc.constantFrom(...places, '_failed', 'nowhere', '${params.place}')
  return fc.oneof(from, opt<Record<string, unknown>>({
    from,
    where: arbitraryText,
    orderBy: arbitraryText,
    take: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom('all', '${order.count}', { upTo: 3 })),
    mode: fc.constantFrom('consume', 'read', 'inhibit', '${params.mode}'),
    optional: truth,
    otherwise: truth,
    after: fc.constantFrom('5m', '$.at'),
  }, ['from'])) as fc.Arbitrary<InputFile>
}

const outputObject = opt<Record<string, unknown>>({ emit: fc.oneof(arbitraryJson, fc.constant('tools')), each: arbitraryText, when: fc.constantFrom('success', 'error', 'otherwise', '$.a == 1') })
const output = fc.oneof(outputObject, fc.array(outputObject, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 4 }).map((n) => (n === 1 ? { emit: {} } : Array.from({ length: n }, () => ({ emit: {} }))))) as fc.Arbitrary<OutputFile>

const fields = fc.dictionary(arbitraryText.filter((key) => key !== '__proto__'), fc.oneof(arbitraryText, fc.integer(), fc.boolean()), { maxKeys: 2, noNullPrototype: true })
const actions: readonly fc.Arbitrary<object>[] = [
  fc.record({ kind: fc.constant('pass') }),
  fc.record({ kind: fc.constant('map'), do: fc.record({ template: arbitraryJson }) }),
  fc.record({ kind: fc.constant('link'), do: fc.record({ relation: fc.constant('part of') }) }),
  fc.record({ kind: fc.constant('http'), do: opt<Record<string, unknown>>({ url: fc.constant('https://example.org/${x.id}'), method: fc.constantFrom('GET', 'POST'), headers: fields, query: fields, json: arbitraryJson, expect: fc.constant([200, '3xx']), parse: fc.constant('json') }, ['url']) }),
  fc.record({ kind: fc.constant('command'), do: opt<Record<string, unknown>>({ argv: fc.array(arbitraryText, { minLength: 1, maxLength: 3 }), allow: fc.constant({ grep: ['-c'] }), stdin: arbitraryText, expect: fc.constant([0, 1]), maxBytes: fc.constant('1MiB') }) }),
  fc.record({ kind: fc.constant('llm'), do: opt<Record<string, unknown>>({ prompt: fc.constant('Say\nsomething about ${x}.\n'), schema: arbitraryJson, temperature: fc.constant(0.5) }, ['prompt']) }),
  fc.record({ kind: fc.constant('agent'), do: opt<Record<string, unknown>>({ prompt: fc.constant('Do it'), role: fc.constantFrom('r', 'rwxhl'), maxIterations: whole }, ['prompt']) }),
]

function transition(places: readonly string[]): fc.Arbitrary<TransitionFile> {
  const places_ = places.length > 0 ? places : ['nowhere']
  return fc.tuple(fc.oneof({ arbitrary: actions[0]!, weight: 3 }, ...actions.slice(1)), opt<Record<string, unknown>>({
    in: fc.uniqueArray(fc.tuple(variable, input(places)), { selector: ([name]) => name, maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
    out: fc.uniqueArray(fc.tuple(fc.constantFrom(...places_, 'nowhere'), output), { selector: ([name]) => name, maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
    drop: arbitraryText,
    schedule: fc.constantFrom({ every: '5m' }, { cron: '0 9 * * 1-5', timezone: 'Europe/Berlin', missed: 'skip' }),
    retry: fc.constantFrom({}, { attempts: 3, backoff: '2s..60s' }),
    timeout: duration,
    concurrency: whole,
    rate: fc.constantFrom('10/m', { limit: '10/m', per: '${x.customer}' }),
    executor: fc.constant({ labels: { zone: 'home' } }),
    credentials: fc.constant({ TOKEN: 'env:TOKEN' }),
    budget,
    approval: fc.constantFrom('merge', { by: 'merge', expires: '3d' }),
    cost: fc.constant('${result.value.usd}'),
    ...described,
  })).map(([action, rest]) => ({ ...action, ...rest })) as fc.Arbitrary<TransitionFile>
}

const coordinate = fc.oneof(fc.integer({ min: -10_000, max: 10_000 }), fc.integer({ min: -9_999, max: 9_999 }).map((n) => n / 16))

/** Any net file that the schema takes. Not all of them pass the checker: names that lead nowhere are among them. */
export const arbitraryNet: fc.Arbitrary<NetFile> = fc.record({
  name: arbitraryName,
  names: fc.uniqueArray(arbitraryName, { maxLength: 8 }),
  cut: fc.nat(8),
}).chain(({ name, names, cut }) => {
  const places = names.slice(0, cut)
  const transitions = names.slice(cut)
  const table = <T>(keys: readonly string[], value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
    fc.tuple(...keys.map(() => value)).map((values) => Object.fromEntries(keys.map((key, index) => [key, values[index]!])))
  return opt<Record<string, unknown>>({
    apiVersion: fc.constant('agenticos.dev/v1'),
    kind: fc.constant('Net'),
    metadata: opt<Record<string, unknown>>({ name: fc.constant(name), ...described }, ['name']),
    params: fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,5}$/), arbitraryJson, { maxKeys: 3, noNullPrototype: true }),
    places: table(places, place),
    transitions: table(transitions, transition(places.length > 0 ? places : ['nowhere'])),
    budget,
    layout: fc.subarray([...names, 'gone']).chain((keys) => table(keys, fc.tuple(coordinate, coordinate))),
  }, ['apiVersion', 'kind', 'metadata']) as unknown as fc.Arbitrary<NetFile>
})

