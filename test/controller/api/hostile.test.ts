import { connect } from 'node:net'
import { beforeAll, describe, expect, it } from 'vitest'
import { ROUTES } from '../../../protocol/api.js'
import { problem, type Problem } from '../../../protocol/problem.js'
import { testApi, type TestApi } from '../../support/api.js'
import { applyNets, demoNet } from '../../support/applied.js'

let api: TestApi
beforeAll(async () => {
  api = await testApi()
  await applyNets(api.db, 'demo', [demoNet()])
})

const PUT = '/v1/sessions/demo/nets/mail/places/inbox/tokens'

async function send(path: string, init: RequestInit & { type?: string } = {}): Promise<{ status: number; problem: Problem; headers: Headers }> {
  const answer = await fetch(api.url + path, {
    ...init, headers: { authorization: `Bearer ${api.admin}`, ...(init.body === undefined ? {} : { 'content-type': init.type ?? 'application/json' }), ...init.headers },
  })
  const text = await answer.text()
  expect(answer.headers.get('content-type'), `${path.slice(0, 100)}: ${text.slice(0, 200)}`).toContain('application/problem+json')
  const read = problem.parse(JSON.parse(text))
  expect(read.remedy).not.toBe('')
  expect(text).not.toMatch(/node_modules|at .*\.ts:|select .* from/)
  return { status: answer.status, problem: read, headers: answer.headers }
}
const post = (path: string, body: NonNullable<RequestInit['body']>, type = 'application/json') => send(path, { method: 'POST', body, type })

describe('bodies that are not what they should be', () => {
  const rows: [string, NonNullable<RequestInit['body']>, number, string, RegExp][] = [
    ['no JSON', '{', 400, 'bad-json', /body/],
    ['nothing', '', 400, 'bad-request', /body/],
    ['a key twice', '{"data":{"a":1,"a":2}}', 400, 'bad-json', /twice/],
    ['a number that a double would change', '{"data":123456789012345678901}', 400, 'bad-json', /number|123456789012345678901/],
    ['half a surrogate', '{"data":"\\ud800"}', 400, 'bad-json', /surrogate|Unicode/],
    ['U+0000', '{"data":"\\u0000"}', 400, 'bad-json', /U\+0000/],
    ['bytes that are not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), 400, 'bad-json', /UTF-8/],
    ['nesting without end', `{"data":${'['.repeat(5000)}${']'.repeat(5000)}}`, 400, 'bad-json', /levels/],
    ['a key that is not known', '{"data":1,"dta":2}', 400, 'bad-request', /dta/],
    ['no data', '{}', 400, 'bad-request', /data/],
    ['a list for an object', '[1]', 400, 'bad-request', /object/],
    ['a correlation that is no text', '{"data":{"text":"x"},"correlationId":5}', 400, 'bad-request', /correlationId/],
    ['a misfit', '{"data":{"text":5}}', 422, 'token-misfit', /text/],
    ['__proto__ for a key', '{"__proto__":1,"data":{"text":"x"}}', 400, 'bad-request', /__proto__/],
  ]
  for (const [what, body, status, code, words] of rows) {
    it(`refuses ${what}`, async () => {
      const told = await post(PUT, body)
      expect([told.status, told.problem.code]).toEqual([status, code])
      expect(told.problem.detail).toMatch(words)
    })
  }

  it('refuses what is too large, by its length alone', async () => {
    const told = await post(PUT, `{"data":"${'x'.repeat(10 * 1024 * 1024)}"}`)
    expect([told.status, told.problem.code]).toEqual([413, 'too-large'])
    const small = await post('/v1/sessions/demo/nets/mail/places/small/tokens', `{"data":"${'x'.repeat(200)}"}`)
    expect([small.status, small.problem.code]).toEqual([413, 'too-large'])
    expect(small.problem.detail).toContain('takes 100')
  })

  it('refuses other kinds of bodies', async () => {
    for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded']) {
      expect((await post(PUT, 'data=1', type)).status).toBe(415)
    }
  })

  it('refuses a key that cannot be one', async () => {
    const told = await send(PUT, { method: 'POST', body: '{"data":{"text":"x"}}', headers: { 'idempotency-key': 'a b' } })
    expect([told.status, told.problem.detail]).toEqual([400, expect.stringContaining('Idempotency-Key') as unknown])
  })

  it('refuses a put to a place that sends, and to one that is not there', async () => {
    expect((await post('/v1/sessions/demo/nets/mail/places/away/tokens', '{"data":1}')).problem).toMatchObject({ status: 409, code: 'conflict' })
    expect((await post('/v1/sessions/demo/nets/mail/places/inbx/tokens', '{"data":1}')).problem).toMatchObject({ status: 404, remedy: expect.stringContaining('did you mean demo/mail/inbox?') as unknown })
    expect((await post('/v1/sessions/demo/nets/mail/places/_failed/tokens', '{"data":1}')).status).toBe(404)
  })
})

describe('addresses and queries that are not what they should be', () => {
  const paths = [
    '/v1/sessions/..%2f..%2fetc%2fpasswd', '/v1/sessions/%00', '/v1/sessions/demo%27%3bdrop%20table%20x', '/v1/sessions/Demo', `/v1/sessions/${'a'.repeat(64)}`,
    '/v1/sessions/demo/nets/__proto__', '/v1/sessions/demo/nets/constructor%20', '/v1/sessions/demo/tokens/1', '/v1/sessions/demo/tokens/1-0-0', '/v1/proposals/0',
    '/v1/proposals/1e3', '/v1/proposals/-1', '/v1/sessions/demo/decisions/%0a', '/v1/sessions/demo?x=1', '/v1/nets?session=DEMO', '/v1/nets?limit=0', '/v1/nets?limit=1001',
    '/v1/nets?limit=abc', '/v1/nets?limit=1&limit=2', '/v1/nets?unknown=1', '/v1/nets?cursor=zzz', '/v1/nets?cursor=W10', '/v1/effects?state=gone', '/v1/effects?cursor=WyJ4IiwiYSIsMV0',
    '/v1/sessions/demo/events?after=-1', '/v1/sessions/demo/events?type=%27', '/v1/sessions/demo/replay?at=yesterday', '/v1/cost?since=now',
    '/v1/sessions/demo/events/stream?after=x', '/v1/plan?head=a&base=b&c=d', '/v1/proposals?state=every',
  ]
  for (const path of paths) {
    it(`refuses ${path.slice(0, 80)}`, async () => {
      const told = await send(path)
      expect(told.status).toBe(400)
      expect(told.problem.code).toBe('bad-request')
    })
  }

  it('has no such address', async () => {
    for (const path of ['/v1/session', '/v2/sessions', '/etc/passwd', '/v1/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/docs/../../x', '//v1/status']) {
      expect((await send(path)).status).toBe(404)
    }
    expect((await send('/v1/session')).problem.remedy).toContain('/v1/sessions')
  })

  it('refuses an address that is too long', async () => {
    expect((await send(`/v1/nets?session=${'a'.repeat(20_000)}`)).status).toBe(431)
  })

  it('cannot decode an address, and says so', async () => {
    expect((await send('/v1/sessions/%ff')).status).toBe(400)
    expect((await send('/v1/sessions/%zz')).status).toBe(400)
  })

  it('knows no other method', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) expect((await send('/v1/status', { method })).problem).toMatchObject({ status: 405, code: 'wrong-method', remedy: expect.stringContaining('GET') as unknown })
  })

  it('explains ArcQL that it does not understand', async () => {
    const tokens = '/v1/sessions/demo/nets/mail/places/inbox/tokens'
    for (const [query, words] of [
      ["where=$.a = 1", /where/], ["where=$.a == '1'; drop table tokens", /where/], ['where=${x.y} == 1', /no value outside a net/], ['order=$.a SIDEWAYS', /order/], ['where=$.a MATCHES /(/', /where/],
      [`where=${'NOT '.repeat(2000)}true`, /where/],
    ] as const) {
      const [key, value] = [query.slice(0, query.indexOf('=')), query.slice(query.indexOf('=') + 1)]
      const told = await send(`${tokens}?${key}=${encodeURIComponent(value)}`)
      expect(told.status).toBe(400)
      expect(told.problem.detail).toMatch(words)
    }
  })

  it('answers a Last-Event-ID that is none', async () => {
    expect((await send('/v1/sessions/demo/events/stream', { headers: { 'last-event-id': 'x' } })).status).toBe(400)
  })
})

describe('the server itself', () => {
  it('sends its security headers with every answer', async () => {
    for (const path of ['/livez', '/v1/status', '/nowhere', '/docs']) {
      const { headers } = await fetch(api.url + path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(headers.get('referrer-policy')).toBe('no-referrer')
    }
  })

  it('survives what is no HTTP', async () => {
    const port = Number(new URL(api.url).port)
    for (const text of ['GET / HTTP/9.9\r\n\r\n', '\0\0\0\0', 'POST /v1/access HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n\r\n`]) {
      await new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.write(text))
        socket.on('error', () => resolve())
        socket.on('close', () => resolve())
        socket.on('data', () => socket.end())
      })
    }
    expect((await fetch(`${api.url}/livez`)).status).toBe(200)
  })

  it('refuses queries that no route knows', async () => {
    for (const route of ROUTES.values()) {
      if (route.method !== 'GET' || route.path.includes(':')) continue
      const told = await send(`${route.path}?no-such-key=1`)
      expect([route.path, told.status]).toEqual([route.path, 400])
    }
  })
})

describe('too much at once', () => {
  it('answers 429 with the time to wait', async () => {
    const slow = await testApi({ requestsPerSecond: 5 })
    const answers = await Promise.all(Array.from({ length: 30 }, () => fetch(`${slow.url}/v1/status`)))
    const late = answers.filter((answer) => answer.status === 429)
    expect(late.length).toBeGreaterThan(0)
    expect(late[0]!.headers.get('retry-after')).not.toBeNull()
    expect(await late[0]!.json()).toMatchObject({ code: 'too-many-requests' })
  })
})
