import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageRoot } from '../../controller/package-root.js'
import { demoNet } from '../support/demo-net.js'
import { startRiver, type River } from '../support/river.js'

const NET = 'demo/retry-and-escalate'

/** The service that users start, on a port of its own. */
async function flakyService(): Promise<{ url: string; said: string[]; stop(): void }> {
  const child = spawn(process.execPath, [join(packageRoot(), 'nets/demo/retry-and-escalate/flaky-service.mjs'), '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const said: string[] = []
  const url = await new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line)
      const at = /listens at (\S+)/.exec(line)?.[1]
      if (at !== undefined) resolve(at)
    })
  })
  return { url, said, stop: () => child.kill() }
}

describe('retry-and-escalate', () => {
  let service: Awaited<ReturnType<typeof flakyService>>
  let river: River
  const calls = (id: string) => service.said.filter((line) => line.includes(`/orders/${id} `) || line.endsWith(`/orders/${id}`))

  beforeAll(async () => {
    service = await flakyService()
    const faster = (text: string) => text.replace('service: http://127.0.0.1:7499', `service: ${service.url}`).replace('backoff: 1s..8s', 'backoff: 50ms..200ms')
      .replace('patience: 20s', 'patience: 3s').replace('timeout: 5s', 'timeout: 500ms')
    river = await startRiver({ files: demoNet('retry-and-escalate', faster), env: { AGENTICOS_EGRESS_ALLOW: service.url } })
  })
  afterAll(() => service.stop())

  const order = (id: string) => river.put(`${NET}/orders`, { id, item: 'tea' })
  const ids = async (place: string) => (await river.tokens(`${NET}/${place}`) as { id: string }[]).map(({ id }) => id)
  const placed = (id: string) => river.until(`${id} is placed`, async () => (await ids('placed')).includes(id))

  it('places an order that the service takes at once, and nobody waits for it any more', async () => {
    await order('a-1')
    await placed('a-1')
    await river.until('the promise is kept', async () => !(await ids('promises')).includes('a-1'))
    expect(calls('a-1')).toHaveLength(1)
  })

  it('tries again what fails in passing, as Retry-After asks, under one idempotency key', async () => {
    await order('flaky-2-x')
    await placed('flaky-2-x')
    expect(calls('flaky-2-x').map((line) => line.split(' ')[2])).toEqual(['503', '503', '201'])
    expect(new Set(calls('flaky-2-x').map((line) => line.split('key ')[1])).size).toBe(1)
    const retried = await river.events('demo', { net: 'retry-and-escalate', type: 'effect.retried' })
    expect(retried.map((event) => event['attempt'])).toEqual([1, 2])
  })

  it('sets aside what the service refuses for good, without a second try', async () => {
    await order('bad-tea')
    await river.until('it is refused', async () => (await ids('refused')).includes('bad-tea'))
    expect(await river.tokens(`${NET}/refused`)).toEqual([{ id: 'bad-tea', why: 'no such item' }])
    expect(calls('bad-tea')).toHaveLength(1)
    await river.until('nobody waits for it', async () => !(await ids('promises')).includes('bad-tea'))
  })

  it('keeps what never worked as a dead letter, leaves the host alone for a while, escalates, and ends well after a retry by hand', async () => {
    for (const id of ['down-1', 'down-2']) await order(id)
    const failed = await river.until('both are dead letters', async () => {
      const { out } = await river.cli('get', 'failed', 'demo', '-o', 'json')
      const { items } = JSON.parse(out) as { items: { transition: string; code: string }[] }
      return items.length === 2 && items
    })
    // Five failures in a row open the breaker: it answers the last attempts itself, and the service is spared them.
    expect(failed.map((letter) => letter.code)).toContain('breaker-open')
    expect(calls('down-1').length + calls('down-2').length).toBeLessThan(8)
    await river.until('both are escalated', async () => (await ids('escalations')).toSorted().join() === 'down-1,down-2')

    await fetch(`${service.url}/repair`, { method: 'POST' })
    const retry = await river.cli('retry', NET, '--all')
    expect(retry).toMatchObject({ code: 0 })
    await placed('down-1')
    await placed('down-2')
    await river.until('both are resolved', async () => (await ids('resolved')).length === 2)
    expect(await ids('escalations')).toEqual([])
    const { out } = await river.cli('get', 'failed', 'demo', '-o', 'json')
    expect((JSON.parse(out) as { items: unknown[] }).items).toEqual([])
  })

  it('can be proven from its events', async () => {
    const { out } = await river.cli('verify', 'demo')
    expect(out).toContain('demo: clean')
  })
})
