// Promise G, the executor protocol: what an executor that is wrong, old or hostile says, and what it is answered. The effect that it
// has leased stays its own, and is settled once, at the end.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { API } from '../../../protocol/api.js'
import type { LeasedEffect } from '../../../protocol/effect.js'
import { startAttacked, unharmed, type Attacked } from '../../support/attacked.js'

const WORK = `apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: field}
places: {jobs: {category: task}, done: {category: task}}
transitions:
  do: {kind: command, in: {job: jobs}, do: {argv: [echo, hello]}, out: {done: {emit: '\${result.stdout}'}}}
`
const POLL = '7b0a6a2e-0000-4000-8000-000000000001'
const ME = { name: 'me', labels: {}, capacity: 4, kinds: ['command'], version: '1', protocol: 1, host: 'here', fresh: true }

let river: Attacked
let own: string
let bootstrap: string
let effect: LeasedEffect
beforeAll(async () => {
  river = await startAttacked()
  await river.merge({ 'nets/outside/field.yaml': WORK })
  bootstrap = (await river.client.call(API.createAccess, { body: { name: 'for-executors', kind: 'bootstrap' } })).token
  own = (JSON.parse((await post('register', ME, bootstrap)).slice(4)) as { token: string }).token
  await river.put('outside/field/jobs', 1)
  const { effects } = JSON.parse((await whole('lease', { poll: POLL, abandoned: [], slots: 1, waitMs: 20_000 }))) as { effects: LeasedEffect[] }
  effect = effects[0]!
})
afterAll(async () => {
  expect(await settle(ref(), { status: 'done', result: { exitCode: 0, stdout: 'hello\n' } })).toBe('200 settled')
  await river.quiet('outside')
  expect(await river.tokens('outside/field/done')).toEqual(['hello\n'])
  await unharmed(river)
})

const ref = () => ({ session: effect.session, firing: effect.firing, attempt: effect.attempt, lease: effect.lease })
const post = (path: string, body: unknown, token = own) => river.send(`POST /v1/executors/${path}`, body, token)
async function whole(path: string, body: unknown): Promise<string> {
  const answer = await fetch(`${river.url}/v1/executors/${path}`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', 'authorization': `Bearer ${own}` } })
  return await answer.text()
}
async function settle(lease: object, outcome: unknown): Promise<string> {
  const said = await post('settle', { outcomes: [{ ...lease, outcome }] })
  return said.replace(/^200 \{"verdicts":\[(?:\{.*"verdict":"([a-z]+)"\})?\]\}$/, '200 $1')
}

/** What it is, whose token (or one of nobody), the path, the body, then `status code: detail => remedy`. */
const REQUESTS: readonly (readonly [string, 'mine' | 'bootstrap' | 'admin' | 'none' | 'nobody', string, unknown, string])[] = [
  ['no token', 'none', 'lease', {}, '401 unauthenticated: no bearer token came with the request => send `authorization: Bearer <executor or bootstrap token>`'],
  ['a token that nobody knows', 'nobody', 'lease', {}, '401 unauthenticated: the token is unknown, revoked or expired => give the executor a new bootstrap token: agenticos token create NAME --kind bootstrap'],
  ['a bootstrap token, to lease', 'bootstrap', 'lease', { poll: POLL, abandoned: [], slots: 1, waitMs: 0 }, '403 forbidden: the bootstrap token for-executors is not that of a registered executor => register first: POST /v1/executors/register'],
  ['an access token of a person', 'admin', 'lease', { poll: POLL, abandoned: [], slots: 1, waitMs: 0 }, '401 unauthenticated: the token is unknown, revoked or expired => give the executor a new bootstrap token: agenticos token create NAME --kind bootstrap'],
  ['an access token of a person, to register', 'admin', 'register', ME, '401 unauthenticated: the token is unknown, revoked or expired => give the executor a new bootstrap token: agenticos token create NAME --kind bootstrap'],
  ['another name than that of the token', 'mine', 'register', { ...ME, name: 'you' }, '403 forbidden: the token belongs to executor me, not to you => register a new name with a bootstrap token'],
  ['a name that another host has', 'bootstrap', 'register', { ...ME, host: 'elsewhere' }, '409 executor-name-taken: another host runs an executor named me and was heard of just now => give this one another name (AGENTICOS_EXECUTOR_NAME), or stop the other and wait half a minute'],
  ['a protocol of yesterday', 'bootstrap', 'register', { ...ME, name: 'old', protocol: 0 }, '409 protocol-mismatch: the executor speaks protocol 0, this controller 1 => update the executor to the version of the controller'],
  ['a protocol of tomorrow', 'bootstrap', 'register', { ...ME, name: 'new', protocol: 2 }, '409 protocol-mismatch: the executor speaks protocol 2, this controller 1 => update the controller first, executors after it'],
  ['a name in capitals', 'bootstrap', 'register', { ...ME, name: 'Me' }, '400 bad-request: name: an executor name is lower-case letters, digits and hyphens, 63 at most => send what protocol/ of this version describes; is the executor as new as the controller?'],
  ['no kinds', 'bootstrap', 'register', { ...ME, name: 'idle', kinds: [] }, '400 bad-request: kinds: it must not be empty => send what protocol/ of this version describes; is the executor as new as the controller?'],
  ['a capacity of 0', 'bootstrap', 'register', { ...ME, name: 'idle', capacity: 0 }, '400 bad-request: capacity: it must be at least 1 => send what protocol/ of this version describes; is the executor as new as the controller?'],
  ['a label that is a number', 'bootstrap', 'register', { ...ME, name: 'idle', labels: { zone: 5 } }, '400 bad-request: labels.zone: it must be a text => send what protocol/ of this version describes; is the executor as new as the controller?'],
  ['a key that is nearly one', 'bootstrap', 'register', { ...ME, name: 'idle', lables: {} }, '400 bad-request: the body: there is no key "lables" => did you mean "labels"? the keys here are name, labels, capacity, kinds, version, protocol, host, fresh'],
  ['a poll that is no UUID', 'mine', 'lease', { poll: 'x', abandoned: [], slots: 1, waitMs: 0 }, '400 bad-request: poll: it must be a UUID => send what protocol/ of this version describes; is the executor as new as the controller?'],
  ['no slots', 'mine', 'lease', { poll: POLL, abandoned: [], slots: 0, waitMs: 0 }, '400 bad-request: slots: it must be at least 1 => send what protocol/ of this version describes; is the executor as new as the controller?'],
  ['a wait of an hour', 'mine', 'lease', { poll: POLL, abandoned: [], slots: 1, waitMs: 3_600_000 }, '400 bad-request: waitMs: it must be at most 30000 => send what protocol/ of this version describes; is the executor as new as the controller?'],
  ['a list for an object', 'mine', 'heartbeat', [], '400 bad-request: the body: it must be an object => send what protocol/ of this version describes; is the executor as new as the controller?'],
  ['a heartbeat without leases', 'mine', 'heartbeat', { draining: false }, '400 bad-request: leases: it is missing => send what protocol/ of this version describes; is the executor as new as the controller?'],
  ['5,001 leases', 'mine', 'heartbeat', { draining: false, leases: Array.from({ length: 5_001 }, () => ({ session: 'outside', firing: 1, attempt: 1, lease: POLL })) }, '400 bad-request: leases: it must have at most 5000 items => send what protocol/ of this version describes; is the executor as new as the controller?'],
  ['a lease of a text', 'mine', 'release', { leases: [{ session: 'outside', firing: '1', attempt: 1, lease: POLL }] }, '400 bad-request: leases.0.firing: it must be a number => send what protocol/ of this version describes; is the executor as new as the controller?'],
  ['a request that is none', 'mine', 'stop', {}, '405 wrong-method: /v1/executors/stop does not know POST => ask with DELETE; /docs lists every address'],
]

/** What it is, what of the lease is other than it should be, the outcome, the answer. */
const OUTCOMES: readonly (readonly [string, object, unknown, string])[] = [
  ['an outcome without a status', {}, { result: 1 }, '400 bad-request: outcomes.0.outcome.status: it is of no form that is taken here => send what protocol/ of this version describes; is the executor as new as the controller?'],
  ['an outcome of a status that is none', {}, { status: 'perhaps' }, '400 bad-request: outcomes.0.outcome.status: it is of no form that is taken here => send what protocol/ of this version describes; is the executor as new as the controller?'],
  ['a failure without a code', {}, { status: 'failed', message: 'x', retryable: true, detail: null }, '400 bad-request: outcomes.0.outcome.code: it is missing => send what protocol/ of this version describes; is the executor as new as the controller?'],
  ['a result and a failure', {}, { status: 'done', result: 1, code: 'x' }, '400 bad-request: outcomes.0.outcome: the key "code" does not go with the others here => give the keys of one form; /docs shows them'],
  ['a result with U+0000', {}, { status: 'done', result: 'a\u0000b' }, '400 bad-request: the outcome of firing 3 of outside: the value at ["result"] holds U+0000 => leave the character out, or send the bytes as base64'],
  ['a result with half a surrogate pair', {}, { status: 'done', result: '\ud800' }, '400 bad-request: the outcome of firing 3 of outside: the value at ["result"] holds half of a surrogate pair => send well-formed Unicode, or the bytes as base64'],
  ['a result of 70 levels', {}, { status: 'done', result: JSON.parse('['.repeat(70) + ']'.repeat(70)) as unknown }, '400 bad-request: the outcome of firing 3 of outside: the value is nested over 64 levels => flatten the value'],
  ['a result of nine megabytes', {}, { status: 'done', result: 'x'.repeat(9 * 1024 * 1024) }, '400 bad-request: the outcome of firing 3 of outside: the value is 9437213 bytes as canonical JSON, and 8388608 are allowed => send less, keep the bulk outside and send where it is, or raise maxBytes of the place'],
  ['a wait below nothing', {}, { status: 'failed', code: 'x', message: 'x', retryable: true, retryAfterMs: -1, detail: null }, '400 bad-request: outcomes.0.outcome.retryAfterMs: it must be at least 0 => send what protocol/ of this version describes; is the executor as new as the controller?'],
  ['the lease of somebody else', { lease: POLL.replace('1', '2') }, { status: 'done', result: 1 }, '200 lost'],
  ['another attempt', { attempt: 2 }, { status: 'done', result: 1 }, '200 lost'],
  ['another session', { session: 'bad' }, { status: 'done', result: 1 }, '200 lost'],
  ['a firing that never was', { firing: 999_999 }, { status: 'done', result: 1 }, '200 lost'],
]

describe('a request that is refused', () => {
  test.each(REQUESTS)('%s | %s %s', async (_, whose, path, body, expected) => {
    const token = { mine: own, bootstrap, admin: river.token, none: '', nobody: 'agenticos_x_nobody_knows_it' }[whose]
    expect(await post(path, body, token)).toBe(expected)
  })

  test('a body that is no JSON, or not complete', async () => {
    const init = { headers: { 'content-type': 'application/json' } }
    expect([await river.ask('POST /v1/executors/settle', { ...init, body: '{"outcomes":[' }, own), await river.ask('POST /v1/executors/settle', { ...init, body: '' }, own)]).toEqual([
      `400 bad-request: Body is not valid JSON but content-type is set to 'application/json' => send JSON of at most 33554432 bytes`,
      `400 bad-request: Body cannot be empty when content-type is set to 'application/json' => send JSON of at most 33554432 bytes`,
    ])
  })
})

describe('an outcome that is not taken', () => {
  test.each(OUTCOMES)('%s', async (_, other, outcome, expected) => expect(await settle({ ...ref(), ...other }, outcome)).toBe(expected))

  test('a bad outcome among good ones is refused with all of them, and changes nothing', async () => {
    const said = await post('settle', { outcomes: [{ ...ref(), outcome: { status: 'done', result: 'first' } }, { ...ref(), outcome: { status: 'perhaps' } }] })
    expect(said).toMatch(/^400 bad-request: outcomes\.1\.outcome/)
    expect(await river.db.query('select state from runtime.effects where session = $1', ['outside'])).toEqual([{ state: 'leased' }])
  })
})
