import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { expire, tidy } from '../../../controller/dispatch/expire.js'
import { issueBootstrap } from '../../../controller/dispatch/register.js'
import { dispatchBed } from '../../support/dispatch-bed.js'

const bed = await dispatchBed({ lookMs: 3_600_000 })
const body = (name: string, more: object = {}) => ({
  name, labels: {}, capacity: 10, kinds: ['command'], version: '1', protocol: 1, host: 'here', fresh: true, ...more,
})
const NOW = { poll: randomUUID(), abandoned: [], slots: 5, waitMs: 0 }

test('a bootstrap token gives an executor a token of its own, of which only the hash is stored', async () => {
  const bootstrap = await bed.bootstrap()
  const { status, json } = await bed.post('register', bootstrap, body('alpha'))
  expect(status).toBe(200)
  expect(json).toEqual({ executor: 'alpha', token: expect.stringMatching(/^agenticos_x_/), heartbeatMs: 10_000, leaseMs: 30_000, renewMs: 86_400_000 })
  const stored = JSON.stringify(await bed.database.query('select * from runtime.access_tokens'))
  expect(stored).not.toContain(json.token)
  expect(stored).not.toContain(bootstrap)
  expect((await bed.post('lease', json.token, NOW)).status).toBe(200)
})

test('a bootstrap token alone leases nothing', async () => {
  expect((await bed.post('lease', await bed.bootstrap(), NOW)).json).toMatchObject({ status: 403, code: 'forbidden', remedy: 'register first: POST /v1/executors/register' })
})

test('an expired token is refused', async () => {
  const token = await issueBootstrap(bed.database, 'short', -1)
  expect((await bed.post('register', token, body('beta'))).json).toMatchObject({ status: 401, code: 'unauthenticated' })
})

test.each([
  ['no token', ''], ['a short one', 'abc'], ['a made-up one', 'agenticos_x_0011223344556677_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'], ['one with a space', 'aaaaaaaaaaaaaaaa bbbbbbbbbbbbb'],
])('%s is refused as unauthenticated, with a remedy', async (_, token) => {
  const { status, json } = await bed.post('register', token, body('beta'))
  expect(status).toBe(401)
  expect(json.remedy).toMatch(/token/)
})

test('an executor of another protocol is refused and told which side to update', async () => {
  const bootstrap = await bed.bootstrap()
  expect((await bed.post('register', bootstrap, body('old', { protocol: 0 }))).json).toMatchObject({
    status: 409, code: 'protocol-mismatch', remedy: 'update the executor to the version of the controller',
  })
  expect((await bed.post('register', bootstrap, body('new', { protocol: 2 }))).json).toMatchObject({
    code: 'protocol-mismatch', remedy: 'update the controller first, executors after it',
  })
})

test('its own token registers it again and stays the same; the one before a new bootstrap is revoked', async () => {
  const first = (await bed.post('register', await bed.bootstrap(), body('gamma'))).json.token
  expect((await bed.post('register', first, body('gamma', { capacity: 20 }))).json.token).toBe(first)
  expect((await bed.post('register', first, body('delta'))).json).toMatchObject({ status: 403, detail: 'the token belongs to executor gamma, not to delta' })
  const second = (await bed.post('register', await bed.bootstrap(), body('gamma'))).json.token
  expect((await bed.post('lease', first, NOW)).status).toBe(401)
  expect((await bed.post('lease', second, NOW)).status).toBe(200)
})

test('a name that another host uses just now is taken, and free when that one has been quiet', async () => {
  await bed.post('register', await bed.bootstrap(), body('epsilon'))
  expect((await bed.post('register', await bed.bootstrap(), body('epsilon', { host: 'there' }))).json).toMatchObject({ status: 409, code: 'executor-name-taken' })
  await bed.database.query(`update runtime.executors set seen_at = now() - interval '1 minute' where executor = 'epsilon'`)
  expect((await bed.post('register', await bed.bootstrap(), body('epsilon', { host: 'there' }))).status).toBe(200)
})

test('a process that starts anew ends the leases of the one before it', async () => {
  const token = (await bed.post('register', await bed.bootstrap(), body('zeta'))).json.token
  await bed.add({ firing: 1 })
  expect((await bed.post('lease', token, NOW)).json.effects).toHaveLength(1)
  await bed.post('register', token, body('zeta', { fresh: false }))
  await expire(bed.dispatch)
  expect((await bed.state(1)).state).toBe('leased')
  await bed.post('register', token, body('zeta'))
  await expire(bed.dispatch)
  expect(await bed.outcomes()).toMatchObject([{ firing: 1, executor: 'zeta', outcome: { code: 'executor-lost' } }])
})

test('the workspace of an executor that is gone fails what needs it, until it comes back', async () => {
  const token = (await bed.post('register', await bed.bootstrap(), body('eta'))).json.token
  await bed.add({ firing: 10, workspace: 'w' })
  const [effect] = (await bed.post('lease', token, { ...NOW, poll: randomUUID() })).json.effects
  const { session, firing, attempt, lease } = effect
  await bed.post('settle', token, { outcomes: [{ session, firing, attempt, lease, outcome: { status: 'done', result: null } }] })
  await bed.add({ firing: 11, workspace: 'w' })
  await bed.database.query(`update runtime.executors set seen_at = now() - interval '1 hour' where executor = 'eta'`)
  await tidy(bed.dispatch)
  expect((await bed.outcomes()).at(-1)).toMatchObject({ firing: 11, outcome: { status: 'failed', code: 'workspace-lost', retryable: false } })
  await bed.post('register', token, body('eta'))
  await bed.add({ firing: 12, workspace: 'w' })
  expect((await bed.post('lease', token, { ...NOW, poll: randomUUID() })).json.effects).toMatchObject([{ firing: 12, workspace: 'kept' }])
})

test.each([
  ['register', { name: 'Upper' }, /^name: an executor name is lower-case/],
  ['register', { ...body('a'), extra: 1 }, /there is no key "extra"/],
  ['register', { ...body('a'), capacity: 0 }, /^capacity: /],
  ['lease', { ...NOW, slots: 1e9 }, /^slots: /],
  ['lease', { ...NOW, poll: 'x' }, /^poll: /],
  ['lease', { ...NOW, waitMs: 3_600_000 }, /^waitMs: /],
  ['heartbeat', [], /^the body: /],
  ['settle', { outcomes: [{ session: 'a', firing: 1, attempt: 1, lease: randomUUID(), outcome: { status: 'maybe' } }] }, /^outcomes\.0\.outcome\.status: /],
  ['release', null, /^the body: /],
] as const)('a bad %s request is refused with its place: %j', async (path, given, message) => {
  const bootstrap = await bed.bootstrap()
  const token = path === 'register' ? bootstrap : (await bed.post('register', bootstrap, body('theta'))).json.token
  const { status, json } = await bed.post(path, token, given)
  expect(status).toBe(400)
  expect(json).toMatchObject({ code: 'bad-request', detail: expect.stringMatching(message) })
})

test('a number that no double carries, or nesting without end, is refused before anything is settled', async () => {
  const token = (await bed.post('register', await bed.bootstrap(), body('iota'))).json.token
  for (const result of ['1e999', '['.repeat(70) + ']'.repeat(70), '"\\ud800"']) {
    const text = `{"outcomes":[{"session":"demo","firing":1,"attempt":1,"lease":"${randomUUID()}","outcome":{"status":"done","result":${result}}}]}`
    const answer = await fetch(`${bed.url}/v1/executors/settle`, {
      method: 'POST', body: text, headers: { 'authorization': `Bearer ${token}`, 'content-type': 'application/json' },
    })
    expect(answer.status).toBe(400)
    expect(((await answer.json()) as { detail: string }).detail).toMatch(/^the outcome of firing 1 of demo: /)
  }
})
