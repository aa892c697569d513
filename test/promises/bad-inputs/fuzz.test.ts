// Promise G, whatever nobody thought of: requests and files made at random from right ones. Each is answered or refused in words;
// none is a fault of ours.
import fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../../controller/package-root.js'
import { checkRepository } from '../../../petri/doctor/check.js'
import { readFile } from '../../../petri/read.js'
import { ROUTES } from '../../../protocol/api.js'
import { problem } from '../../../protocol/problem.js'
import { startAttacked, unharmed, type Attacked } from '../../support/attacked.js'
import { arbitraryJson, arbitraryText } from '../../support/arbitrary-json.js'

let river: Attacked
beforeAll(async () => { river = await startAttacked() })
afterAll(() => unharmed(river))

const SEEDED: Readonly<Record<string, readonly string[]>> = {
  session: ['quiet', 'nowhere'], net: ['other', 'n'], place: ['anything', 'ready', '_failed'], transition: ['idle'], token: ['1-0', '5-0', '999999999999-99999'], firing: ['1'],
  proposal: ['1', '2', '999999999'], key: ['k', 'a/b'], executor: ['local'], scratch: ['scratch'], id: ['none'], model: ['none'], tool: ['QUERY_TOKENS', 'GET_NET_STRUCTURE', 'CREATE_NET', 'THINK', 'HTTP_CALL', 'NO_SUCH_TOOL'],
}
const word = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('1', '-1', '0', '1e9', '99999999999999999999', 'true', 'null', 'main', 'HEAD', '*', '2026-01-01T00:00:00Z', '$.a == 1', 'W10', 'WzFd', 'WyJhIl0') }, { weight: 1, arbitrary: arbitraryText })
/** Stops, suspensions and revocations are answered as told, and would end the test. */
const SAFE = [...ROUTES.values()].filter((route) => !['/v1/lifecycle', '/v1/reconcile', '/v1/access/:id'].includes(route.path) && route.produces === undefined)

/** A body as the route's schema asks for, more or less. */
function bodyOf(keys: readonly string[]): fc.Arbitrary<unknown> {
  const value = fc.oneof(arbitraryJson, fc.constantFrom<unknown>([], {}, ['1-0'], [{ path: 'nets/a/b.yaml', content: 'kind: Net' }], [{ path: 'nets/a/b.yaml', content: null }], 'n/done', 'quiet', 'retry', { a: { b: 1 } }))
  return fc.oneof(arbitraryJson, fc.record(Object.fromEntries(keys.map((key) => [key, value])), { requiredKeys: [] }))
}

function keysOf(schema: unknown): string[] {
  const { def } = schema as { def?: { shape?: object, options?: unknown[] } }
  return def?.shape ? Object.keys(def.shape) : (def?.options ?? []).flatMap(keysOf)
}

const request = fc.constantFrom(...SAFE).chain((route) => {
  const names = [...route.path.matchAll(/:([a-z]+)/gi)].map(([, name]) => name!)
  return fc.record({
    route: fc.constant(route),
    params: fc.tuple(...names.map((name) => fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...SEEDED[name]!) }, { weight: 1, arbitrary: arbitraryText }))),
    query: fc.array(fc.tuple(fc.oneof(fc.constantFrom(...keysOf(route.query), 'limit'), arbitraryText), word), { maxLength: 3 }),
    body: bodyOf(keysOf(route.body)),
    type: fc.constantFrom('application/json', 'application/json', 'application/json', 'application/x-ndjson', 'text/plain'),
  })
})

describe('requests made at random', () => {
  test('are answered or refused, never a fault', async () => {
    await fc.assert(fc.asyncProperty(request, async ({ route, params, query, body, type }) => {
      let nth = 0
      const path = route.path.replace(/:([a-z]+)/gi, () => encodeURIComponent(params[nth++]!))
      const response = await fetch(`${river.url}${path}?${query.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')}`, {
        method: route.method, headers: { 'authorization': `Bearer ${river.token}`, ...(route.method === 'POST' ? { 'content-type': type } : {}) },
        ...(route.method === 'POST' ? { body: JSON.stringify(body) ?? '' } : {}),
      })
      const text = await response.text()
      if (response.status < 300) return
      expect({ status: response.status, text }).toEqual({ status: expect.any(Number) as number, text: expect.stringMatching(/^\{/) as string })
      expect(response.status, text).toBeLessThan(500)
      const told = problem.parse(JSON.parse(text))
      expect(told.remedy).not.toBe('')
      expect(told.detail).not.toMatch(/node_modules|undefined|\[object/)
    }), { numRuns: 1_000 })
  })
})

const NETS = ['demo'].flatMap((session) => readdirSync(join(packageRoot(), 'nets', session), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  .map((entry) => ({ path: `nets/${session}/${entry.name}.yaml`, text: readFileSync(join(packageRoot(), 'nets', session, entry.name, `${entry.name}.yaml`), 'utf8') })))

/** What a slip of the hand, a bad merge or a clever person does to a text. */
const slip = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  long: fc.integer({ min: 0, max: 40 }),
  put: fc.oneof(fc.constantFrom('', ' ', '\n', '\n  ', ':', '{', '}', '[', ']', '"', "'", '${', '}', '|', '&a', '*a', '!t', '#', '---\n', '\t', '- ', 'null', '$.', ' AND ', '((((', '1e999', '__proto__: 1', '${params.', '${x | ', '/[/'), arbitraryText),
})

describe('nets made at random from good ones', () => {
  test('are checked, and end in findings', () => {
    fc.assert(fc.property(fc.constantFrom(...NETS), fc.array(slip, { minLength: 1, maxLength: 4 }), ({ path, text }, slips) => {
      const changed = slips.reduce((before, { at, long, put }) => `${before.slice(0, Math.floor(at * before.length))}${put}${before.slice(Math.floor(at * before.length) + long)}`, text)
      const { findings } = checkRepository([readFile(path, changed)])
      for (const finding of findings) {
        expect(finding.remedy).not.toBe('')
        expect(finding.message).not.toMatch(/undefined|\[object/)
        expect(finding.line).toBeGreaterThan(0)
      }
    }), { numRuns: 400 })
  })
})
