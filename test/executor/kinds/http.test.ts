import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import type { HttpRequest, Outcome } from '../../../protocol/effect.js'
import { testBench } from '../../support/bench.js'

const SECRET = 'k3y-that-nobody-sees'
const handlers = new Map<string, RequestListener>()
const seen: { url: string, method: string, headers: IncomingMessage['headers'], body: string }[] = []
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => { body += chunk.toString('utf8') })
  request.on('end', () => {
    seen.push({ url: request.url ?? '', method: request.method ?? '', headers: request.headers, body })
    const handler = handlers.get((request.url ?? '').split('?')[0]!) ?? ((_: IncomingMessage, answer: ServerResponse) => answer.writeHead(404).end('nothing here'))
    handler(request, response)
  })
})
const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** Names that resolve to what a test says. */
const names = new Map<string, string[][]>([['other.test', [['127.0.0.1']]], ['public.test', [['93.184.216.34']]], ['mixed.test', [['10.0.0.7', '127.0.0.1']]]])
const asked: string[] = []
const settings = {
  AGENTICOS_EGRESS_ALLOW: `http://127.0.0.0/8:${port} http://127.0.0.9 http://[::1]`, AGENTICOS_CREDENTIALS: 'KEY@127.0.0.1 ANY', KEY: SECRET, ANY: SECRET,
}
const { bench, run } = await testBench(settings, async (host) => {
  asked.push(host)
  const answers = names.get(host)
  if (answers === undefined) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' })
  return answers.length > 1 ? answers.shift()! : answers[0]!
})

const order = (path: string, more: object = {}): HttpRequest => ({
  kind: 'http', method: 'GET', url: !path.startsWith('/') ? path : `http://127.0.0.1:${port}${path}`, headers: {}, query: [], expect: ['2xx'], maxBytes: 65_536, ...more,
})
const json = (value: unknown): RequestListener => (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
const resultOf = (outcome: Outcome): any => {
  expect(outcome.status, JSON.stringify(outcome)).toBe('done')
  return (outcome as { result: unknown }).result
}

test('JSON comes as json, other text as text, parse as value', async () => {
  handlers.set('/json', json({ b: 1, a: 'ä' }))
  handlers.set('/text', (_, response) => response.end('a\nb\n'))
  handlers.set('/wrong', (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":1,"a":2}'))
  expect(resultOf(await run(order('/json')))).toMatchObject({ status: 200, json: { a: 'ä', b: 1 }, headers: { 'content-type': 'application/json' }, durationMs: expect.any(Number) })
  expect(resultOf(await run(order('/text')))).toMatchObject({ text: 'a\nb\n' })
  expect(resultOf(await run(order('/text', { parse: 'lines' }))).value).toEqual(['a', 'b'])
  expect(resultOf(await run(order('/wrong'))).text).toBe('{"a":1,"a":2}')
  expect(await run(order('/wrong', { parse: 'json' }))).toMatchObject({ code: 'parse-failed', retryable: false })
})

test('query, JSON, form and text bodies go out as written, with an idempotency key where something changes', async () => {
  handlers.set('/echo', json({ ok: true }))
  await run(order('/echo', { method: 'POST', query: [['q', 'a b&c'], ['q', '2']], json: { n: 1 }, headers: { 'X-Own': '1' } }), { idempotencyKey: 'the-key' })
  expect(seen.at(-1)).toMatchObject({ url: '/echo?q=a+b%26c&q=2', method: 'POST', body: '{"n":1}', headers: { 'content-type': 'application/json', 'idempotency-key': 'the-key', 'x-own': '1' } })
  await run(order('/echo', { method: 'PUT', form: [['a', '1&2'], ['b', 'ä']] }))
  expect(seen.at(-1)).toMatchObject({ body: 'a=1%262&b=%C3%A4', headers: { 'content-type': 'application/x-www-form-urlencoded' } })
  await run(order('/echo', { method: 'POST', text: 'plain', headers: { 'Content-Type': 'text/csv', 'Idempotency-Key': 'mine' } }))
  expect(seen.at(-1)).toMatchObject({ body: 'plain', headers: { 'content-type': 'text/csv', 'idempotency-key': 'mine' } })
  await run(order('/echo'))
  expect(seen.at(-1)!.headers['idempotency-key']).toBeUndefined()
})

test.each([['host', 'x'], ['Content-Length', '1'], ['Transfer-Encoding', 'chunked'], ['x', 'a\r\nb: c']])('header %s: %j is refused', async (name, value) => {
  expect(await run(order('/echo', { headers: { [name]: value } }))).toMatchObject({ code: 'bad-request', retryable: false })
})

test.each([[500, true], [503, true], [429, true], [425, true], [408, true], [404, false], [400, false], [302, false]])('status %i that is not expected: retryable %s', async (status, retryable) => {
  handlers.set('/status', (_, response) => response.writeHead(status, { 'content-type': 'text/plain', 'x-why': 'because' }).end('sorry'))
  expect(await run(order('/status'))).toMatchObject({
    status: 'failed', code: 'unexpected-status', retryable, message: `status ${status}, expected 2xx`, detail: { status, text: 'sorry', headers: { 'x-why': 'because' } },
  })
  expect(resultOf(await run(order('/status', { expect: ['2xx', String(status)] })))).toMatchObject({ status })
})

test('Retry-After is handed on, in seconds or as a date, a day at most', async () => {
  for (const [value, least, most] of [['7', 7000, 7000], [new Date(Date.now() + 5000).toUTCString(), 2000, 5000], ['99999999', 86_400_000, 86_400_000], ['soon', undefined, undefined]] as const) {
    handlers.set('/later', (_, response) => response.writeHead(429, { 'retry-after': value }).end())
    const { retryAfterMs } = await run(order('/later')) as { retryAfterMs?: number }
    if (least === undefined) expect(retryAfterMs).toBeUndefined()
    else expect(retryAfterMs! >= least && retryAfterMs! <= most, String(retryAfterMs)).toBe(true)
  }
})

test('an answer beyond maxBytes fails for good, packed or not', async () => {
  handlers.set('/large', (_, response) => response.end('x'.repeat(5000)))
  handlers.set('/bomb', (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000))))
  handlers.set('/packed', (_, response) => response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' }).end(gzipSync('{"a":1}')))
  handlers.set('/endless', (_, response) => {
    response.on('close', () => clearInterval(timer))
    const timer = setInterval(() => response.write('x'.repeat(10_000)), 1)
  })
  expect(await run(order('/large', { maxBytes: 4999 }))).toMatchObject({ code: 'answer-too-large', retryable: false })
  expect(resultOf(await run(order('/large', { maxBytes: 5000 }))).text).toHaveLength(5000)
  expect(await run(order('/bomb'))).toMatchObject({ code: 'answer-too-large' })
  expect(await run(order('/endless'))).toMatchObject({ code: 'answer-too-large' })
  expect(resultOf(await run(order('/packed'))).json).toEqual({ a: 1 })
})

test('a server that drips headers or body meets the time-out, which may be tried again', async () => {
  const loris = createTcpServer((socket) => {
    socket.on('error', () => {})
    socket.write('HTTP/1.1 200 OK\r\n')
    const timer = setInterval(() => socket.write('x-drip: 1\r\n'), 20)
    socket.on('close', () => clearInterval(timer))
  })
  const at = await new Promise<number>((resolve) => loris.listen(0, '127.0.0.9', () => resolve((loris.address() as AddressInfo).port)))
  expect(await run(order(`http://127.0.0.9:${at}/`), { timeoutMs: 200 })).toMatchObject({ code: 'timeout', retryable: true })
  loris.close()
  handlers.set('/drip', (_, response) => {
    response.on('close', () => clearInterval(timer))
    const timer = setInterval(() => response.write('x'), 20)
  })
  expect(await run(order('/drip'), { timeoutMs: 200 })).toMatchObject({ code: 'timeout', retryable: true })
})

test('an aborted call is cancelled', async () => {
  handlers.set('/never', () => {})
  const stop = new AbortController()
  const running = run(order('/never'), {}, stop.signal)
  stop.abort('cancelled')
  expect(await running).toMatchObject({ code: 'cancelled', retryable: false })
})

test.each([
  ['http://10.1.2.3/', /10\.1\.2\.3/], ['https://10.1.2.3/', /private address/], ['https://169.254.169.254/latest/meta-data', /linkLocal/], ['https://[::1]/', undefined],
  ['https://[fd00::1]/', /uniqueLocal/], ['https://[::ffff:10.0.0.1]/', /private/], ['https://[64:ff9b::a00:1]/', /rfc6052/], ['https://[2002:a00:1::]/', /6to4/], ['https://0.0.0.0/', /unspecified/],
  ['https://100.64.0.1/', /carrierGradeNat/], ['https://0x7f.1:1/', undefined], ['https://2130706433:1/', undefined], ['https://user:pw@public.test/', /user part/], ['ftp://public.test/', /ftp:/],
  ['file:///etc/passwd', /file:/], ['http://public.test/', /plain http to public.test is refused/], ['http://93.184.216.34/', /plain http/], ['not a url', /URL/],
])('%s is not called', async (url, message) => {
  const outcome = await run(order(url))
  expect(outcome).toMatchObject({ status: 'failed' })
  if (message !== undefined) expect(outcome).toMatchObject({ retryable: false, code: expect.stringMatching(/^(egress-refused|bad-request)$/), message: expect.stringMatching(message) })
})

test('a public name at a private address is refused, and of several addresses only allowed ones are called', async () => {
  handlers.set('/mixed', json(1))
  names.set('inside.test', [['10.0.0.7']])
  expect(await run(order('https://inside.test/'))).toMatchObject({ code: 'egress-refused', message: 'inside.test is at 10.0.0.7, which is a private address; allow it in AGENTICOS_EGRESS_ALLOW if that is meant' })
  expect(resultOf(await run(order(`http://mixed.test:${port}/mixed`))).json).toBe(1)
})

test('a name that changes its address after the check is asked once: the connection goes where the check looked', async () => {
  handlers.set('/rebind', json('first'))
  names.set('rebind.test', [['127.0.0.1'], ['169.254.169.254'], ['169.254.169.254']])
  asked.length = 0
  expect(resultOf(await run(order(`http://rebind.test:${port}/rebind`))).json).toBe('first')
  expect(asked).toEqual(['rebind.test'])
  names.set('rebound.test', [['169.254.169.254'], ['127.0.0.1']])
  expect(await run(order(`http://rebound.test:${port}/rebind`))).toMatchObject({ code: 'egress-refused' })
})

test('a redirect is judged like a call: metadata, private and plain targets are refused', async () => {
  for (const target of ['http://169.254.169.254/latest/', 'https://169.254.169.254/', 'https://10.0.0.1/', 'http://public.test/', 'file:///etc/passwd', '//10.0.0.1/']) {
    handlers.set('/away', (_, response) => response.writeHead(302, { location: target }).end())
    expect(await run(order('/away')), target).toMatchObject({ code: 'egress-refused', retryable: false })
  }
})

test('redirects are followed as browsers do, five at most', async () => {
  handlers.set('/landed', json('there'))
  handlers.set('/moved', (_, response) => response.writeHead(303, { location: '/landed' }).end())
  handlers.set('/kept', (_, response) => response.writeHead(307, { location: 'landed?x=1' }).end())
  handlers.set('/loop', (_, response) => response.writeHead(302, { location: '/loop' }).end())
  expect(resultOf(await run(order('/moved', { method: 'POST', json: {} }))).json).toBe('there')
  expect(seen.at(-1)).toMatchObject({ method: 'GET', url: '/landed', body: '' })
  await run(order('/kept', { method: 'POST', json: { a: 1 } }))
  expect(seen.at(-1)).toMatchObject({ method: 'POST', url: '/landed?x=1', body: '{"a":1}' })
  expect(await run(order('/loop'))).toMatchObject({ code: 'too-many-redirects', retryable: false })
  expect(resultOf(await run(order('/loop', { expect: ['302'] }))).status).toBe(302)
})

test('a credential goes to its host only, and never along with a redirect to another', async () => {
  const sealed = { parts: ['Bearer ', { credential: 'T', base64: false }] }
  const basic = { parts: ['Basic ', { credential: 'T', base64: true }] }
  handlers.set('/in', json('in'))
  handlers.set('/leak', (_, response) => response.writeHead(307, { location: `http://other.test:${port}/in` }).end())
  const key = { credentials: { T: 'env:KEY' } }
  await run(order('/in', { headers: { 'Authorization': sealed, 'X-Basic': basic }, query: [['k', sealed]] }), key)
  expect(seen.at(-1)).toMatchObject({ url: `/in?k=Bearer+${SECRET}`, headers: { 'authorization': `Bearer ${SECRET}`, 'x-basic': `Basic ${Buffer.from(SECRET).toString('base64')}` } })
  expect(await run(order(`http://other.test:${port}/in`, { headers: { a: sealed } }), { credentials: { T: 'env:KEY' } })).toMatchObject({ code: 'credential-refused' })
  await run(order('/leak', { headers: { 'x-token': sealed, 'cookie': 'a=1', 'x-plain': 'yes' } }), key)
  expect(seen.at(-1)).toMatchObject({ url: '/in', headers: { 'host': `other.test:${port}`, 'x-plain': 'yes' } })
  expect(seen.at(-1)!.headers).not.toHaveProperty('x-token')
  expect(seen.at(-1)!.headers).not.toHaveProperty('cookie')
  expect(await run(order('/leak', { method: 'POST', form: [['t', sealed]] }), { credentials: { T: 'env:ANY' } })).toMatchObject({ code: 'credential-refused' })
})

test('a server that echoes a secret, in body, header, redirect or error, shows stars', async () => {
  const sealed = { parts: [{ credential: 'T', base64: false }] }
  const credentials = { T: 'env:ANY' }
  const encoded = Buffer.from(`{"x":"${SECRET}"}`).toString('base64')
  handlers.set('/tell', (request, response) => response.writeHead(200, { 'content-type': 'application/json', 'x-you-sent': String(request.headers['x-key']) })
    .end(JSON.stringify({ [SECRET]: { list: [`<${SECRET}>`, encoded, encodeURIComponent(SECRET)] } })))
  handlers.set('/fail', (request, response) => response.writeHead(500).end(`bad key ${String(request.headers['x-key'])}`))
  for (const path of ['/tell', '/fail']) {
    const outcome = await run(order(path, { headers: { 'x-key': sealed } }), { credentials })
    expect(JSON.stringify(outcome)).not.toContain(SECRET)
    expect(JSON.stringify(outcome)).toContain('***')
  }
  const told = resultOf(await run(order('/tell', { headers: { 'x-key': sealed } }), { credentials }))
  expect(JSON.stringify(told)).not.toContain(Buffer.from(SECRET).toString('base64').slice(4, 16))
  expect(await run(order(`http://nowhere.test:${port}/${SECRET}`, { headers: { x: 'y' } }), { credentials })).toMatchObject({ code: 'transport', message: 'nowhere.test:' + port + ': getaddrinfo ENOTFOUND nowhere.test' })
})

test('a host that fails five times in a row is left alone, and the outcome says for how long', async () => {
  const dead = createServer((_, response) => response.writeHead(503).end())
  const at = await new Promise<number>((resolve) => dead.listen(0, '127.0.0.9', () => resolve((dead.address() as AddressInfo).port)))
  const url = `http://127.0.0.9:${at}/`
  for (let time = 0; time < 5; time++) expect(await run(order(url))).toMatchObject({ code: 'unexpected-status' })
  const open = await run(order(url)) as { retryAfterMs: number }
  expect(open).toMatchObject({ status: 'failed', code: 'breaker-open', retryable: true })
  expect(open.retryAfterMs).toBeGreaterThan(0)
  expect(open.retryAfterMs).toBeLessThanOrEqual(5000)
  handlers.set('/fine', json(1))
  expect((await run(order('/fine'))).status).toBe('done')
  dead.close()
})

test('a refused connection is a transport fault, and many calls share kept-alive connections', async () => {
  expect(await run(order('http://127.0.0.9:1/'))).toMatchObject({ code: 'transport', retryable: true })
  handlers.set('/fast', json(1))
  const sockets = new Set<unknown>()
  server.on('connection', (socket) => sockets.add(socket))
  for (let round = 0; round < 20; round++) await Promise.all(Array.from({ length: 10 }, () => run(order('/fast'))))
  expect(sockets.size).toBeLessThanOrEqual(50)
  expect(bench.options.egress.allow).toHaveLength(3)
})
