import { createServer as createHttpServer } from 'node:http'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { readConfig } from '../../executor/config.js'
import { startExecutor } from '../../executor/start.js'
import { dispatchBed } from '../support/dispatch-bed.js'

const bed = await dispatchBed()
const closers: (() => void)[] = []
afterAll(() => closers.forEach((close) => close()))

/** A proxy that cuts every connection on which nothing was sent for so long, as many do. */
async function proxy(idleMs: number, told: (bytes: Buffer) => void = () => {}): Promise<string> {
  const target = new URL(bed.url)
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    let timer: NodeJS.Timeout | undefined
    const cut = (): void => {
      clearTimeout(timer)
      client.destroy()
      upstream.destroy()
    }
    const alive = (): void => {
      clearTimeout(timer)
      timer = setTimeout(cut, idleMs)
    }
    for (const [from, to] of [[client, upstream], [upstream, client]] as const) {
      sockets.add(from)
      from.on('error', cut).on('close', cut).on('data', (chunk: Buffer) => {
        alive()
        if (from === client) told(chunk)
        to.write(chunk)
      })
    }
  })
  closers.push(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)))
}

test('a proxy that cuts long-polls is met by short ones, and work still arrives, its attempt unused', async () => {
  const waits: number[] = []
  const url = await proxy(700, (bytes) => {
    for (const match of bytes.toString('latin1').matchAll(/"waitMs":(\d+)/g)) waits.push(Number(match[1]))
  })
  const { stop } = await bed.executor({ AGENTICOS_URL: url }, { shortMs: 300 })
  while (waits.filter((wait) => wait === 0).length < 3) await bed.database.query('select pg_sleep(0.05)')
  expect(waits.slice(0, 2)).toEqual([28_000, 28_000])
  expect(waits.slice(2).every((wait) => wait === 0)).toBe(true)
  await bed.add(...Array.from({ length: 20 }, (_, at) => ({ firing: at + 1 })))
  const rows = await bed.settled(20)
  expect(rows.every((row) => row.attempt === 1 && row.outcome.status === 'done')).toBe(true)
  await stop()
})

test('work leased by a poll whose answer was lost on the way is done all the same, as the same attempt', async () => {
  let broken = 0
  const target = new URL(bed.url)
  const sockets = new Set<Socket>()
  // Loses the first three answers that hold work.
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const [from, to] of [[client, upstream], [upstream, client]] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy()).on('close', () => to.destroy()).on('data', (chunk: Buffer) => {
        if (from === upstream && broken < 3 && chunk.includes('"firing":')) {
          broken += 1
          client.destroy()
        } else to.write(chunk)
      })
    }
  })
  const url: string = await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)))
  closers.push(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const before = (await bed.outcomes()).length
  const { stop } = await bed.executor({ AGENTICOS_URL: url })
  await bed.add(...Array.from({ length: 10 }, (_, at) => ({ firing: 100 + at })))
  const rows = (await bed.settled(before + 10)).slice(before)
  expect(broken).toBe(3)
  expect(rows.every((row) => row.attempt === 1 && row.outcome.status === 'done')).toBe(true)
  expect(new Set(rows.map((row) => row.firing)).size).toBe(10)
  await stop()
})

test('an executor outlives a controller that is away for a while, and brings what it did meanwhile', async () => {
  let away = false
  const target = new URL(bed.url)
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    if (away) return void client.destroy()
    const upstream = connect(Number(target.port), target.hostname)
    for (const [from, to] of [[client, upstream], [upstream, client]] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy()).on('close', () => to.destroy()).pipe(to)
    }
    return undefined
  })
  const url: string = await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)))
  closers.push(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const before = (await bed.outcomes()).length
  const { stop } = await bed.executor({ AGENTICOS_URL: url })
  await bed.add({ firing: 200, request: { kind: 'command', script: 'sleep 0.5; echo meanwhile', env: {}, expect: [0], maxBytes: 100 } })
  while ((await bed.state(200)).state !== 'leased') await bed.database.query('select pg_sleep(0.02)')
  away = true
  for (const socket of sockets) socket.destroy()
  await bed.database.query('select pg_sleep(1)')
  expect(await bed.outcomes()).toHaveLength(before)
  away = false
  expect((await bed.settled(before + 1)).at(-1)).toMatchObject({ firing: 200, attempt: 1, outcome: { status: 'done', result: { stdout: 'meanwhile\n' } } })
  await stop()
})

test('an executor that speaks another protocol, or meets something that is no controller, stops with the reason', async () => {
  const answers = [
    { status: 409, type: 'application/problem+json', body: { type: 'x', title: 't', status: 409, code: 'protocol-mismatch', detail: 'the executor speaks protocol 1, this controller 2', remedy: 'update' } },
    { status: 404, type: 'text/html', body: '<h1>nginx</h1>' },
  ]
  for (const [at, message] of ['the executor speaks protocol 1, this controller 2', 'status 404: "<h1>nginx</h1>"'].entries()) {
    const server = createHttpServer((_, response) => response.writeHead(answers[at]!.status, { 'content-type': answers[at]!.type }).end(JSON.stringify(answers[at]!.body)))
    const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))
    const options = readConfig({
      AGENTICOS_URL: `http://127.0.0.1:${port}`, AGENTICOS_EXECUTOR_TOKEN: 'x'.repeat(20), AGENTICOS_EXECUTOR_DATA: bed.folder(), AGENTICOS_EXECUTOR_LOG: 'silent',
    })
    await expect(startExecutor(options, new AbortController().signal)).rejects.toThrow(message)
    server.close()
  }
})
