import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../executor/config.js'
import { startExecutor } from '../../executor/start.js'
import { dispatchBed, script } from '../support/dispatch-bed.js'
import { openLine } from '../support/line.js'

const bed = await dispatchBed()
const hasty = await dispatchBed({ leaseMs: 3000, heartbeatMs: 500, lookMs: 600_000 })
const waits: number[] = []
const impatient = await openLine(bed.url, {
  idleMs: 700,
  up: (bytes) => waits.push(...[...bytes.toString('latin1').matchAll(/"abandoned":[^\]]*\],"slots":\d+,"waitMs":(\d+)/g)].map((match) => Number(match[1]))),
})
let lost = 0
const leaky = await openLine(bed.url, { down: (bytes) => !(lost < 3 && bytes.includes('"firing":') && ++lost) })
const flaky = await openLine(bed.url)
const long = await openLine(hasty.url)

test('a proxy that cuts long-polls is met by short ones, and work still arrives, its attempt unused', async () => {
  const { stop } = await bed.executor({ AGENTICOS_URL: impatient.url }, { shortMs: 300 })
  while (waits.filter((wait) => wait === 0).length < 3) await bed.database.query('select pg_sleep(0.05)')
  expect(waits.slice(0, 2)).toEqual([28_000, 28_000])
  expect(waits.slice(2).every((wait) => wait === 0)).toBe(true)
  await bed.add(...Array.from({ length: 20 }, (_, at) => ({ firing: at + 1 })))
  const rows = await bed.settled(20)
  expect(rows.every((row) => row.attempt === 1 && row.outcome.status === 'done')).toBe(true)
  await stop()
})

test('work leased by a poll whose answer was lost on the way is done all the same, as the same attempt', async () => {
  const before = (await bed.outcomes()).length
  const { stop } = await bed.executor({ AGENTICOS_URL: leaky.url })
  await bed.add(...Array.from({ length: 10 }, (_, at) => ({ firing: 100 + at })))
  const rows = (await bed.settled(before + 10)).slice(before)
  expect(lost).toBe(3)
  expect(rows.every((row) => row.attempt === 1 && row.outcome.status === 'done')).toBe(true)
  expect(new Set(rows.map((row) => row.firing)).size).toBe(10)
  await stop()
})

test('an executor outlives a controller that is away for a while, and brings what it did meanwhile', async () => {
  const before = (await bed.outcomes()).length
  const { stop } = await bed.executor({ AGENTICOS_URL: flaky.url })
  await bed.add({ firing: 200, request: script('sleep 0.5; echo meanwhile') })
  while ((await bed.state(200)).state !== 'leased') await bed.database.query('select pg_sleep(0.02)')
  flaky.away = true
  flaky.cut()
  await bed.database.query('select pg_sleep(1)')
  expect(await bed.outcomes()).toHaveLength(before)
  flaky.away = false
  expect((await bed.settled(before + 1)).at(-1)).toMatchObject({ firing: 200, attempt: 1, outcome: { status: 'done', result: { stdout: 'meanwhile\n' } } })
  await stop()
})

test('work whose heartbeats go unanswered is stopped before its lease ends', async () => {
  const folder = hasty.folder()
  const { stop } = await hasty.executor({ AGENTICOS_URL: long.url, AGENTICOS_EXECUTOR_ROOTS: folder })
  await hasty.add({ firing: 1, request: script('while :; do date +%s.%N >> alive; sleep 0.02; done', { dir: '.' }), timeoutMs: 60_000 })
  while ((await hasty.state(1)).state !== 'leased') await hasty.database.query('select pg_sleep(0.02)')
  await hasty.database.query('select pg_sleep(1)')
  long.away = true
  long.cut()
  while ((await hasty.database.query('select from runtime.effects where lease_until > now()')).length > 0) await hasty.database.query('select pg_sleep(0.05)')
  const [{ until }] = await hasty.database.query<{ until: number }>('select extract(epoch from lease_until)::float8 as until from runtime.effects') as [{ until: number }]
  const last = Number(readFileSync(join(folder, 'alive'), 'utf8').trim().split('\n').at(-1))
  expect(last).toBeGreaterThan(0)
  expect(last).toBeLessThan(until)
  long.away = false
  // Nobody has looked at the lease yet, so what the executor says of it counts.
  expect(await hasty.settled(1)).toMatchObject([{ firing: 1, outcome: { status: 'failed', code: 'executor-lost', retryable: true, message: 'the executor ended the work: late' } }])
  await stop()
})

test('an executor that speaks another protocol, or meets something that is no controller, stops with the reason', async () => {
  const answers = [
    { status: 409, type: 'application/problem+json', body: { type: 'x', title: 't', status: 409, code: 'protocol-mismatch', detail: 'the executor speaks protocol 1, this controller 2', remedy: 'update' } },
    { status: 404, type: 'text/html', body: '<h1>nginx</h1>' },
  ]
  for (const [at, message] of ['the executor speaks protocol 1, this controller 2', 'status 404: "<h1>nginx</h1>"'].entries()) {
    const server = createServer((_, response) => response.writeHead(answers[at]!.status, { 'content-type': answers[at]!.type }).end(JSON.stringify(answers[at]!.body)))
    const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))
    const options = readConfig({
      AGENTICOS_URL: `http://127.0.0.1:${port}`, AGENTICOS_EXECUTOR_TOKEN: 'x'.repeat(20), AGENTICOS_EXECUTOR_DATA: bed.folder(), AGENTICOS_EXECUTOR_LOG: 'silent',
    })
    await expect(startExecutor(options, new AbortController().signal)).rejects.toThrow(message)
    server.close()
  }
})
