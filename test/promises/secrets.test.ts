// Promise D: a credential's value is nowhere but in the executor's environment, whatever programs and hosts do with it in good faith:
// not in the database, the logs, the events, any answer of the API, git, or a file of the data directory. Of access tokens there are hashes alone.
import { randomBytes } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { API } from '../../protocol/api.js'
import { files, leaks, marksOf, objects, reads, tables } from '../support/marks.js'
import { startRiver, type River } from '../support/river.js'

// Two runs of letters between all that writings treat in their own way, and long enough for base64 to go over more than one line.
const CORES = [`Kq7${randomBytes(15).toString('hex')}`, `wZ4${randomBytes(15).toString('hex')}`] as const
const SECRET = `${CORES[0]}+/"=&'<ü> \\%${CORES[1]}`

/** How programs and hosts write a value, by the name of the writing; each is tried on every way out. */
const WRITINGS: Readonly<Record<string, string>> = {
  raw: 's',
  json: 'JSON.stringify(s)',
  jsonInJson: 'JSON.stringify(JSON.stringify({ s }))',
  url: 'encodeURIComponent(s)',
  form: 'String(new URLSearchParams({ s }))',
  base64: "Buffer.from(s).toString('base64')",
  base64url: "Buffer.from(s).toString('base64url')",
  basic: "Buffer.from('user:' + s).toString('base64')",
  lines: "Buffer.from('user:' + s).toString('base64').replace(/(.{76})/g, '$1\\n')",
  hex: "Buffer.from(s).toString('hex')",
  html: "s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\"', '&quot;')",
}
const names = Object.keys(WRITINGS)
const write = (name: string, s: string): string => (new Function('s', 'Buffer', `return ${WRITINGS[name]}`) as (s: string, b: typeof Buffer) => string)(s, Buffer)

/** The ways out of a program: what it does with its text t. */
const PROGRAMS: Readonly<Record<string, { readonly does: string, readonly more?: string }>> = {
  'out': { does: 'console.log(t)' },
  'err': { does: 'console.error(t)' },
  'fail': { does: 'console.log(t); console.error("cannot use " + t); process.exitCode = 3' },
  'throw': { does: 'throw new Error(t)' },
  'parsed': { does: 'console.log(JSON.stringify({ [t]: [t, { t }] }))', more: ', parse: json' },
  'unparsed': { does: 'console.log(t)', more: ', parse: json' },
  'listed': { does: 'console.log(t + "\\n" + t)', more: ', parse: lines' },
  'cut': { does: 'console.log("x".repeat(40) + t)', more: ', maxBytes: 64' },
  'flood': { does: 'setInterval(() => console.log(t.repeat(2000)), 0)', more: ', maxBytes: 64' },
}
/** The ways of a request: where the credential stands, and what the host does with it (see `host`). */
const REQUESTS: Readonly<Record<string, string>> = {
  'header': `headers: {authorization: 'Bearer \${credentials.T | base64}', x-way: echo}`,
  'query': `query: {t: '\${credentials.T}', way: echo}`,
  'form': `method: POST, query: {way: echo}, form: {t: '\${credentials.T}'}`,
  'json': `query: {t: '\${credentials.T}', way: json}`,
  'refused': `query: {t: '\${credentials.T}', way: refuse}`,
  'parse': `query: {t: '\${credentials.T}', way: echo}, parse: json`,
  'redirect': `query: {t: '\${credentials.T}', way: redirect}`,
  'elsewhere': `query: {t: '\${credentials.T}', way: elsewhere}`,
  'nowhere': `query: {t: '\${credentials.T}', way: nowhere}`,
  'cut': `query: {t: '\${credentials.T}', way: cut}`,
  'large': `query: {t: '\${credentials.T}', way: echo}, maxBytes: 10`,
}

const WAYS = [...Object.keys(PROGRAMS).map((name) => `p-${name}`), ...Object.keys(REQUESTS).map((name) => `r-${name}`)]
/** A host that is not well is left alone after five times. */
const writingsOf = (way: string): string[] => (way === 'r-cut' || way === 'r-nowhere' ? ['raw'] : names)

const program = (does: string): string => JSON.stringify(`const s = process.env.T, w = { ${names.map((name) => `${name}: ${WRITINGS[name]}`).join(', ')} }, t = w[process.env.W]; ${does}`)
const net = (port: number): string => `apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: ways}
places:
  done: {category: task}
${WAYS.map((name) => `  in-${name}: {category: task}\n`).join('')}transitions:
${Object.entries(PROGRAMS).map(([name, { does, more = '' }]) => `  p-${name}: {kind: command, in: {x: in-p-${name}}, credentials: {T: 'env:THE_SECRET'}, do: {argv: [${JSON.stringify(process.execPath)}, -e, ${program(does)}], env: {W: '\${x}'}${more}}, out: {done: {}}}\n`).join('')}
${Object.entries(REQUESTS).map(([name, text]) => `  r-${name}: {kind: http, in: {x: in-r-${name}}, retry: {attempts: 1}, credentials: {T: 'env:THE_SECRET'}, do: {url: 'http://127.0.0.1:${port}/\${x}', ${text}}, out: {done: {}}}\n`).join('')}`

let river: River
let host: Server
let received = 0
let tokens: string[] = []
beforeAll(async () => {
  host = createServer((request, response) => void answer(request).then(({ status, headers, body }) => (status === 0 ? request.socket.destroy() : response.writeHead(status, headers).end(body)))).listen(0, '127.0.0.1')
  await new Promise((resolve) => host.once('listening', resolve))
  const { port } = host.address() as AddressInfo
  river = await startRiver({
    files: { 'nets/secret/ways.yaml': net(port) },
    env: {
      THE_SECRET: SECRET, AGENTICOS_CREDENTIALS: 'THE_SECRET', AGENTICOS_EGRESS_ALLOW: `http://127.0.0.1:${port}`, AGENTICOS_LOG_LEVEL: 'trace', AGENTICOS_EXECUTOR_LOG: 'trace',
    },
  })
  for (const kind of ['api', 'bootstrap'] as const) tokens.push((await river.client.call(API.createAccess, { body: { name: `a-${kind}`, kind, ...(kind === 'api' ? { scopes: ['read' as const] } : {}) } })).token)
  tokens.push(...['admin-token', 'executor/token'].map((file) => readFileSync(join(river.dataDir, file), 'utf8').trim()))
  for (const place of WAYS) await river.putAll(`secret/ways/in-${place}`, writingsOf(place))
  await river.quiet('secret')
}, 240_000)
afterAll(() => void host.close())

/** A host that knows the secret, by whatever way it came, and tells it in the writing that the path names. */
async function answer(request: IncomingMessage): Promise<{ status: number, headers?: Record<string, string>, body?: string }> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const url = new URL(request.url ?? '/', 'http://host')
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  const s = url.searchParams.get('t') ?? new URLSearchParams(Buffer.concat(parts).toString('utf8')).get('t') ?? (bearer === undefined ? '' : Buffer.from(bearer, 'base64').toString('utf8'))
  if (s === SECRET) received++
  const t = write(url.pathname.slice(1), s)
  const plain = encodeURI(t).replaceAll('#', '')
  const way = url.searchParams.get('way') ?? 'echo'
  const told = { 'x-told': plain, 'set-cookie': `a=${plain}`, 'etag': JSON.stringify(plain) }
  if (way === 'json') return { status: 200, headers: { ...told, 'content-type': 'application/json' }, body: JSON.stringify({ [t]: [{ t }] }) }
  if (way === 'refuse') return { status: 403, headers: told, body: `no: ${t}` }
  if (way === 'redirect') return { status: 302, headers: { ...told, location: `${url.pathname}?way=echo&t=${encodeURIComponent(s)}` }, body: t }
  if (way === 'elsewhere') return { status: 302, headers: { location: `http://169.254.169.254/?t=${encodeURIComponent(t)}` } }
  if (way === 'nowhere') return { status: 302, headers: { location: `https://nowhere.invalid/?t=${encodeURIComponent(t)}` } }
  return way === 'cut' ? { status: 0 } : { status: 200, headers: told, body: `you sent ${t}` }
}

const MARKS = CORES.flatMap(marksOf)

/** Whatever the API answers to a read, of all that this session has. */
async function answers(): Promise<Map<string, string>> {
  const { items } = await river.client.call(API.listTokens, { params: { session: 'secret', net: 'ways', place: 'done' }, query: { limit: 1_000 } })
  const dead = await river.client.call(API.listDead, { params: { session: 'secret' }, query: { limit: 1_000 } })
  const known: Record<string, string> = { session: 'secret', net: 'ways', place: 'done', transition: 'p-out', proposal: '1', token: items[0]!.id, key: 'none', firing: '1', executor: 'local', scratch: 'none', id: 'none' }
  const found = await reads(river, known, ['/v1/plan?head=main', '/v1/sessions/secret/nets/ways/places/_failed/tokens'])
  return found.set('tokens', JSON.stringify(items)).set('dead letters', JSON.stringify(dead))
}

describe('a secret that programs and hosts were given, and told in every way', () => {
  test('was used by each of them', async () => {
    const [row] = await river.db.query<{ settled: number }>(`select count(*)::int as settled from runtime.effects where session = 'secret' and state = 'settled'`)
    expect(row!.settled).toBe(WAYS.flatMap(writingsOf).length)
    expect(received).toBe(Object.keys(REQUESTS).flatMap((name) => writingsOf(`r-${name}`)).length + names.length)
    expect(JSON.stringify(await river.tokens('secret/ways/done'))).toContain('***')
  })

  test('is in no table of the database', async () => {
    for (const [table, text] of await tables(river)) expect([table, leaks(text, MARKS)]).toEqual([table, []])
  })

  test('is in no line of the logs, of the controller or of the executor', () => {
    expect(river.log.length).toBeGreaterThan(10)
    expect(leaks(river.log.join('\n'), MARKS)).toEqual([])
  })

  test('is in no answer of the API', async () => {
    const found = await answers()
    expect(found.get('/v1/sessions/secret/events')!.length).toBeGreaterThan(10_000)
    for (const [path, text] of found) expect([path, leaks(text, MARKS)]).toEqual([path, []])
  })

  test('is in no object of the net repository', () => {
    expect(objects(river)).toContain('THE_SECRET')
    expect(leaks(objects(river), MARKS)).toEqual([])
  })

  test('is in no file of the data directory', () => {
    for (const file of files(river.dataDir)) expect([file, leaks(readFileSync(file, 'latin1'), MARKS)]).toEqual([file, []])
  })
})

describe('an access token, a bootstrap token, an executor’s own', () => {
  const secretOf = (token: string): string => /^(?:ant|agenticos_x)_[0-9A-Za-z]+_(.{40,})$/.exec(token)?.[1] ?? ''

  test('are in the database as hashes alone', async () => {
    expect(tokens.map(secretOf)).not.toContain('')
    for (const [table, text] of await tables(river)) expect([table, leaks(text, tokens.map(secretOf))]).toEqual([table, []])
  })

  test('are in no log, no answer and no object of the repository', async () => {
    const marks = tokens.map(secretOf)
    expect(leaks(river.log.join('\n'), marks)).toEqual([])
    expect(leaks(objects(river), marks)).toEqual([])
    for (const [path, text] of await answers()) expect([path, leaks(text, marks)]).toEqual([path, []])
  })

  test('lie in two files alone, which no other user reads', () => {
    const marks = tokens.map(secretOf)
    const holding = files(river.dataDir).filter((file) => leaks(readFileSync(file, 'latin1'), marks).length > 0)
    expect(holding.map((file) => [file.slice(river.dataDir.length + 1), (statSync(file).mode & 0o777).toString(8)]).sort()).toEqual([['admin-token', '600'], ['executor/token', '600']])
  })
})

test('the log of all that can be proven', async () => {
  expect(await river.client.call(API.verify, { params: { session: 'secret' } })).toMatchObject({ ok: true, differences: [] })
})
