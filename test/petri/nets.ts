import fc from 'fast-check'
import { netOf } from '../../petri/doctor/normalise/net.js'
import { configOf } from '../../petri/doctor/normalise/config.js'
import type { NetFile } from '../../petri/language.js'
import type { Net } from '../../petri/net.js'

const PLACES = ['lines', 'hits', 'alerts', 'rest'] as const
const TRANSITIONS = ['read', 'count', 'raise'] as const
const VARIABLES = ['line', 'hit', 'seen'] as const
const word = fc.constantFrom('a', 'b', '$.x', '${line.ip}', 'two\nlines', '')
const value = fc.oneof(word, fc.integer({ min: 0, max: 3 }), fc.boolean(), fc.constant(null), fc.record({ a: word }), fc.array(word, { maxLength: 2 }))
const some = { requiredKeys: [] as never[] }

const place = fc.record({
  category: fc.constantFrom('task', 'context', 'tool', 'learning'),
  tokens: fc.oneof(fc.array(fc.dictionary(fc.constantFrom('ip', 'n'), value, { maxKeys: 2 }), { maxLength: 3 }), fc.integer({ min: 0, max: 3 })),
  capacity: fc.integer({ min: 1, max: 3 }), schema: fc.constantFrom({ type: 'object' }, { type: 'object', required: ['ip'] }, true),
  key: fc.constantFrom('$.ip', ['$.ip', '$.n']), keep: fc.integer({ min: 0, max: 2 }), ttl: fc.constantFrom('1h', '60m', '2h'), title: word,
}, { requiredKeys: ['category'] })
const input = fc.oneof(fc.constantFrom(...PLACES), fc.record({
  from: fc.constantFrom(...PLACES), where: fc.constantFrom('$.n == 1', '$.n == 2'), take: fc.constantFrom(2, 'all', { upTo: 3 }),
  mode: fc.constantFrom('consume', 'read', 'inhibit'), optional: fc.boolean(), after: fc.constantFrom('5m', '$.at'),
}, { requiredKeys: ['from'] }))
const output = fc.record({ emit: value, each: fc.constantFrom('${line.items}'), when: fc.constantFrom('success', 'error', 'otherwise', '$.n == 1', 'error AND $.code == "x"') }, some)
const shared = {
  in: fc.dictionary(fc.constantFrom(...VARIABLES), input, { maxKeys: 3 }),
  out: fc.dictionary(fc.constantFrom(...PLACES), fc.oneof(output, fc.array(output, { minLength: 1, maxLength: 3 })), { maxKeys: 3 }),
  title: word, drop: fc.constantFrom('$.n == 0'), schedule: fc.constantFrom({ every: '5m' }, { cron: '0 9 * * *' }),
  rate: fc.constantFrom('10/m', { limit: '10/m', per: '${line.ip}' }), retry: fc.constantFrom({ attempts: 2 }, { backoff: '1s..2s' }),
}
const transition = fc.oneof(
  fc.record({ kind: fc.constant('pass'), ...shared }, { requiredKeys: ['kind'] }),
  fc.record({ kind: fc.constant('map'), do: fc.record({ template: value }), ...shared }, { requiredKeys: ['kind', 'do'] }),
  fc.record({ kind: fc.constant('command'), do: fc.record({ argv: fc.array(word, { minLength: 1, maxLength: 3 }), env: fc.dictionary(fc.constantFrom('A', 'B'), word) }, { requiredKeys: ['argv'] }), ...shared }, { requiredKeys: ['kind', 'do'] }),
)

/** Net files of a few names, so that two of them have much in common. Well-typed, not always free of findings. */
export const netFiles: fc.Arbitrary<NetFile> = fc.record({
  apiVersion: fc.constant('agenticos.dev/v1'), kind: fc.constant('Net'), metadata: fc.record({ name: fc.constant('watch'), title: word }, { requiredKeys: ['name'] }),
  params: fc.dictionary(fc.constantFrom('x', 'y'), value), places: fc.dictionary(fc.constantFrom(...PLACES), place), transitions: fc.dictionary(fc.constantFrom(...TRANSITIONS), transition),
  budget: fc.constantFrom({ usd: 1, per: 'day' }, { usd: '2.5', per: 'month' }),
  layout: fc.dictionary(fc.constantFrom(...PLACES, ...TRANSITIONS), fc.tuple(fc.integer(), fc.integer())),
}, { requiredKeys: ['apiVersion', 'kind', 'metadata'] }) as unknown as fc.Arbitrary<NetFile>

/** The net of a file, findings or not. */
export function anyNet(file: NetFile): Net {
  return netOf(file, configOf('demo', undefined), () => undefined)
}
