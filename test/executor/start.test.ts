import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { argv, dispatchBed, script } from '../support/dispatch-bed.js'

const bed = await dispatchBed({ leaseMs: 5000, heartbeatMs: 400, lookMs: 300 })
const renewing = await dispatchBed({ renewMs: 50, tokenMs: 60_000 })

test('an effect that is put while an executor waits comes back as an outcome in the inbox', async () => {
  const { executor, stop } = await bed.executor()
  await bed.add({ firing: 1, request: argv('echo', 'hello') })
  const [row] = await bed.settled(1)
  expect(row).toMatchObject({ firing: 1, attempt: 1, executor: executor.name, outcome: { status: 'done', result: { exitCode: 0, stdout: 'hello\n', truncated: false } } })
  await stop()
})

test('a slow effect holds up no other, and a heartbeat keeps it longer than its lease', async () => {
  const { stop } = await bed.executor({ AGENTICOS_EXECUTOR_CAPACITY: '4' })
  await bed.add({ firing: 10, request: script('sleep 6; echo slow') }, ...Array.from({ length: 40 }, (_, at) => ({ firing: 11 + at })))
  const rows = (await bed.settled(1 + 41)).slice(1)
  expect(rows.at(-1)).toMatchObject({ firing: 10, outcome: { status: 'done', result: { stdout: 'slow\n' } } })
  expect(rows.every((row) => row.outcome.status === 'done')).toBe(true)
  await stop()
})

test('what is cancelled ends at the next heartbeat and is settled as cancelled', async () => {
  const { stop } = await bed.executor()
  await bed.add({ firing: 60, request: script('echo begun; sleep 60') })
  await bed.database.query(`update runtime.effects set cancel = 'stop --now' where firing = 60`)
  while ((await bed.state(60)).state === 'pending') await bed.database.query('select pg_sleep(0.02)')
  await bed.database.query(`update runtime.effects set cancel = 'stop --now' where firing = 60`)
  const before = (await bed.outcomes()).length
  expect((await bed.settled(before + 1)).at(-1)).toMatchObject({ firing: 60, outcome: { status: 'failed', code: 'cancelled', retryable: false } })
  await stop()
})

test('told to stop, an executor leases nothing more, ends what is short, stops what is long, and settles both', async () => {
  const { stop } = await bed.executor({ AGENTICOS_EXECUTOR_GRACE: '1' })
  await bed.add({ firing: 70, request: script('sleep 0.3; echo short') }, { firing: 71, request: script('sleep 60') })
  while ((await bed.state(71)).state !== 'leased') await bed.database.query('select pg_sleep(0.02)')
  const stopped = stop()
  await bed.add({ firing: 72 })
  await stopped
  const rows = await bed.outcomes()
  expect(rows.find((row) => row.firing === 70)).toMatchObject({ outcome: { status: 'done', result: { stdout: 'short\n' } } })
  expect(rows.find((row) => row.firing === 71)).toMatchObject({ outcome: { status: 'failed', code: 'executor-lost', retryable: true, message: 'the executor ended the work: drained' } })
  expect((await bed.state(72)).state).toBe('pending')
  await bed.database.query('delete from runtime.effects where firing = 72')
})

test('two executors race for the same work, and each effect is done once', async () => {
  const folder = bed.folder()
  const [one, two] = [await bed.executor({ AGENTICOS_EXECUTOR_ROOTS: folder }), await bed.executor({ AGENTICOS_EXECUTOR_ROOTS: folder })]
  const before = (await bed.outcomes()).length
  await bed.add(...Array.from({ length: 60 }, (_, at) => ({ firing: 100 + at, request: script(`mktemp ./${100 + at}.XXXXXX`, { dir: '.' }) })))
  const rows = (await bed.settled(before + 60)).slice(before)
  expect(new Set(rows.map((row) => row.firing)).size).toBe(60)
  expect(rows.filter((row) => row.outcome.status !== 'done')).toEqual([])
  expect(readdirSync(folder).map((name) => Number(name.split('.')[0])).sort()).toEqual(Array.from({ length: 60 }, (_, at) => 100 + at))
  await Promise.all([one.stop(), two.stop()])
})

test('a revoked executor stops working, and says that it was refused', async () => {
  const { executor } = await bed.executor()
  await bed.add({ firing: 200, request: script('sleep 60') })
  while ((await bed.state(200)).state !== 'leased') await bed.database.query('select pg_sleep(0.02)')
  await bed.database.query('update runtime.access_tokens set revoked_at = now() where name = $1', [executor.name])
  await expect(executor.stopped).rejects.toThrow('the token is unknown, revoked or expired')
  expect((await bed.settled((await bed.outcomes()).length + 1)).at(-1)).toMatchObject({ firing: 200, outcome: { code: 'executor-lost', retryable: true } })
})

test('an executor starts again with its own token, without the bootstrap token', async () => {
  const first = await bed.executor({ AGENTICOS_EXECUTOR_NAME: 'again' })
  await first.stop()
  expect(readdirSync(first.data).sort()).toEqual(['mark', 'running', 'token', 'work'])
  const second = await bed.executor({ AGENTICOS_EXECUTOR_NAME: 'again', AGENTICOS_EXECUTOR_DATA: first.data, AGENTICOS_EXECUTOR_TOKEN: 'revoked-long-ago-x' })
  const before = (await bed.outcomes()).length
  await bed.add({ firing: 300 })
  await bed.settled(before + 1)
  await second.stop()
  expect(readdirSync(join(first.data, 'running'))).toEqual([])
})

test('an effect of a kind or form that this version does not know fails for good, the others go on', async () => {
  const { stop } = await bed.executor()
  const before = (await bed.outcomes()).length
  await bed.add({ firing: 400, request: { kind: 'command', argv: ['true'], env: {}, expect: [0], maxBytes: 100, newer: true } as never }, { firing: 401 })
  const rows = (await bed.settled(before + 2)).slice(before)
  expect(rows.find((row) => row.firing === 400)).toMatchObject({ outcome: { code: 'bad-effect', retryable: false, message: expect.stringContaining('newer') } })
  expect(rows.find((row) => row.firing === 401)).toMatchObject({ outcome: { status: 'done' } })
  await stop()
})

test('an executor renews its own token while it works', async () => {
  const { executor, stop } = await renewing.executor()
  const expiry = async () => (await renewing.database.query<{ at: Date }>(
    'select expires_at as at from runtime.access_tokens where kind = $1 and name = $2 and revoked_at is null', ['executor', executor.name])).map((row) => row.at.getTime())
  const first = await expiry()
  expect(first).toHaveLength(1)
  let last = first
  while (last[0] === first[0]) last = await expiry()
  expect(last).toHaveLength(1)
  await renewing.add({ firing: 1 })
  await renewing.settled(1)
  await stop()
})
