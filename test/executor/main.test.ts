import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { forkTs, killed, said } from '../support/fork-ts.js'
import { dispatchBed, script } from '../support/dispatch-bed.js'

const bed = await dispatchBed({ leaseMs: 2500, heartbeatMs: 400, lookMs: 200 })

async function spawned(name: string, data: string, more: Record<string, string> = {}): Promise<ChildProcess> {
  const env = {
    PATH: process.env['PATH'], HOME: process.env['HOME'], AGENTICOS_URL: bed.url, AGENTICOS_EXECUTOR_TOKEN: await bed.bootstrap(), AGENTICOS_EXECUTOR_NAME: name,
    AGENTICOS_EXECUTOR_DATA: data, AGENTICOS_EXECUTOR_LOG: 'silent', AGENTICOS_EXECUTOR_ROOTS: data, ...more,
  }
  const child = forkTs('./executor-process.ts', [], { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  expect(await said(child)).toEqual({ ready: name })
  return child
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await bed.database.query('select pg_sleep(0.02)')
}

test('after a kill -9 the work is settled as lost, and the next start leaves nothing of it running, in its group or out of it', async () => {
  const data = bed.folder()
  const first = await spawned('killed', data)
  await bed.add({ firing: 1, request: script(`(setsid sh -c 'trap "" TERM HUP; echo $$ > stray; while :; do sleep 1; done' &); echo $$ > leader; while :; do sleep 1; done`, { dir: '.' }), timeoutMs: 60_000 })
  await until(() => ['stray', 'leader'].every((name) => existsSync(join(data, name)) && readFileSync(join(data, name), 'utf8').endsWith('\n')))
  const pids = ['stray', 'leader'].map((name) => Number(readFileSync(join(data, name), 'utf8')))
  await killed(first)
  expect(alive(pids[0]!)).toBe(true)
  const second = await spawned('killed', data)
  expect(pids.map(alive)).toEqual([false, false])
  const [row] = await bed.settled(1)
  expect(row).toMatchObject({ firing: 1, executor: 'killed', outcome: { status: 'failed', code: 'executor-lost', retryable: true } })
  await killed(second)
})

test('killed at random under load, no effect is lost and none has two outcomes for an attempt', async () => {
  const data = bed.folder()
  const before = (await bed.outcomes()).length
  const total = 150
  await bed.add(...Array.from({ length: total }, (_, at) => ({ firing: 1000 + at, request: script('sleep 0.0$N', { env: { N: String(at % 10) } }) })))
  // An engine reduced to its retries: what was lost is pending again as the next attempt.
  const rearm = () => bed.database.query<{ firing: number }>(`
    update runtime.effects e set state = 'pending', attempt = e.attempt + 1, lease = null, executor = null, outcome_hash = null
    from runtime.inbox i where e.firing >= 1000 and e.state = 'settled' and i.session = e.session and i.key = 'outcome:' || e.firing || ':' || e.attempt
      and i.body::jsonb -> 'outcome' ->> 'code' = 'executor-lost' returning e.firing`)
  const done = async () => (await bed.outcomes()).filter((row) => row.firing >= 1000 && row.outcome.status === 'done')
  for (let round = 0; round < 3; round++) {
    const child = await spawned('random', data, { AGENTICOS_EXECUTOR_CAPACITY: '16' })
    const goal = (await done()).length + 5 + round * 7
    await until(async () => (await done()).length >= Math.min(goal, total))
    await killed(child)
    await rearm()
  }
  const last = await spawned('random', data)
  await until(async () => {
    if ((await rearm()).length > 0) bed.database.notify('effects', '{}')
    return (await done()).length >= total
  })
  await killed(last, 'SIGTERM')
  const rows = (await bed.outcomes()).slice(before)
  expect(new Set((await done()).map((row) => row.firing)).size).toBe(total)
  expect(new Set(rows.map((row) => `${row.firing} ${row.attempt}`)).size).toBe(rows.length)
  expect((await bed.database.query(`select from runtime.effects where firing >= 1000 and state <> 'settled'`))).toHaveLength(0)
})

test('on SIGTERM it ends what runs, settles it and leaves with 0', async () => {
  const child = await spawned('polite', bed.folder())
  await bed.add({ firing: 2000, request: script('sleep 0.5; echo ended') })
  await until(async () => (await bed.state(2000)).state === 'leased')
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await exit).toEqual([0, null])
  expect(await bed.database.query(`select state from runtime.executors where executor = 'polite'`)).toEqual([{ state: 'draining' }])
  expect((await bed.outcomes()).at(-1)).toMatchObject({ firing: 2000, outcome: { status: 'done', result: { stdout: 'ended\n' } } })
})

test('its parent\'s end is its own', async () => {
  const child = await spawned('child', bed.folder())
  const exit = once(child, 'exit')
  child.disconnect()
  expect(await exit).toEqual([0, null])
})

test('without a good token it leaves with 1 and says why', async () => {
  const env = {
    PATH: process.env['PATH'], AGENTICOS_URL: bed.url, AGENTICOS_EXECUTOR_TOKEN: 'nobody-knows-this-one', AGENTICOS_EXECUTOR_NAME: 'bad',
    AGENTICOS_EXECUTOR_DATA: bed.folder(), AGENTICOS_EXECUTOR_LOG: 'silent',
  }
  const child = forkTs('./executor-process.ts', [], { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let told = ''
  child.stderr!.on('data', (chunk: Buffer) => { told += chunk.toString('utf8') })
  expect(await once(child, 'close')).toEqual([1, null])
  expect(told).toContain('agenticos executor: the token is unknown, revoked or expired')
})
