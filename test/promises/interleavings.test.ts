// Promise A, one interleaving at a time, with programs as people run them: a controller killed around a commit, Postgres killed with a
// batch in flight, two controllers on one data directory, and executors that settle twice, late or otherwise.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { verify } from '../../controller/api/verify.js'
import { startEngine } from '../../controller/engine/engine.js'
import { createLog } from '../../controller/log.js'
import { packageRoot } from '../../controller/package-root.js'
import { openDatabase } from '../../controller/store/database.js'
import { startEmbedded } from '../../controller/store/embedded.js'
import { migrate } from '../../controller/store/migrate.js'
import { API } from '../../protocol/api.js'
import { createClient, UnreachableError } from '../../protocol/client.js'
import type { LeasedEffect } from '../../protocol/effect.js'
import { testDatabase } from '../support/database.js'
import { postgresProxy, type Moment } from '../support/postgres-proxy.js'
import { freePort, postmasterOf, Restartable } from '../support/processes.js'
import { run, startRiver } from '../support/river.js'
import { TestSession } from '../support/session.js'

const NET = `apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: n}
places: {todo: {category: task}, done: {category: task}, jobs: {category: task}, results: {category: task}}
transitions:
  move: {kind: pass, in: {x: todo}, out: {done: {}}}
  work: {kind: command, in: {x: jobs}, retry: {attempts: 5, backoff: 1ms..2ms}, do: {argv: [echo, '\${x}']}, out: {results: {emit: '\${result}'}}}
`
const CHAIN = 'places: {a: {category: task}, b: {category: task}}\ntransitions: {t: {kind: pass, in: {x: a}, out: {b: {}}}}'
const quiet = createLog({ level: 'silent' })
const folders: string[] = []
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'agenticos-interleaving-'))
  folders.push(made)
  return made
}
afterAll(() => folders.forEach((one) => rmSync(one, { recursive: true, force: true })))

describe('a controller killed', () => {
  test.each(['before', 'after'] as const)('%s its commit went through, and before anybody heard of it, decides the repeated put once', async (moment) => {
    const { url, database } = await testDatabase()
    const proxy = await postgresProxy(url)
    const dataDir = folder()
    const port = await freePort()
    const controller = new Restartable('controller/main.js', {
      DATABASE_URL: proxy.url(url), AGENTICOS_DATA_DIR: dataDir, AGENTICOS_PORT: String(port), AGENTICOS_ONLY: 'engine,reconcile,dispatch,api', AGENTICOS_LOG_LEVEL: 'info',
    }, 'the controller runs')
    onTestFinished(() => controller.stop())
    await controller.start()
    const client = createClient({ server: `http://127.0.0.1:${port}`, token: readFileSync(join(dataDir, 'admin-token'), 'utf8').trim() })
    const { number } = await client.call(API.openProposal, { body: { title: 'Nets', files: [{ path: 'nets/kill/n.yaml', content: NET }] } })
    await client.call(API.mergeProposal, { params: { proposal: number }, body: { comment: '' } })
    const ready = async (): Promise<boolean> => (await client.call(API.getSession, { params: { session: 'kill' } }).catch(() => undefined))?.ready === true
    while (!(await ready())) await new Promise((resolve) => setTimeout(resolve, 50))

    const put = () => client.call(API.putToken, { params: { session: 'kill', net: 'n', place: 'todo' }, body: { data: 'once' }, key: 'the-key' })
    const struck = proxy.strike('batch-commit', moment, { silent: true })
    const first = put().then(() => 'answered', (error: unknown) => error)
    await struck
    await controller.kill()
    expect(await first).toBeInstanceOf(UnreachableError)
    await controller.start()
    const again = await put()
    const third = await put()
    expect(third.id).toBe(again.id)
    await client.call(API.putToken, { params: { session: 'kill', net: 'n', place: 'todo' }, body: { data: 'after' } })
    const done = async () => (await client.call(API.listTokens, { params: { session: 'kill', net: 'n', place: 'done' } })).items.map((token) => token.data)
    while ((await done()).length < 2) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await done()).toEqual(['once', 'after'])
    expect(await verify(database, 'kill')).toMatchObject({ ok: true, differences: [], inTransit: 0 })
  })
})

describe('a Postgres killed', () => {
  test('with a batch in flight, that it has or has not committed, comes back and everything goes on', async () => {
    const dataDir = folder()
    const embedded = await startEmbedded(dataDir, quiet)
    const database = await openDatabase(embedded.url)
    await migrate(database)
    const proxy = await postgresProxy(embedded.url)
    const db = await openDatabase(proxy.url(embedded.url), { connections: 6 })
    const end = new AbortController()
    const { stopped } = await startEngine({ db, log: quiet, signal: end.signal, sweepMs: 100 })
    onTestFinished(async () => {
      end.abort()
      await stopped
      await Promise.all([db.close(), database.close()])
      await embedded.stop()
    })
    const s = new TestSession(database, 'flight')
    await s.apply({ n: CHAIN })
    await s.quiet()
    const moments: readonly Moment[] = ['before', 'during', 'after']
    for (const [value, moment] of moments.entries()) {
      const struck = proxy.strike('batch-commit', moment, { silent: true })
      const key = await s.post('put', { place: 'n/a', tokens: [{ data: value }], by: 'test' })
      await struck
      const before = postmasterOf(dataDir)
      process.kill(before, 'SIGKILL')
      await s.until(async () => postmasterNow(dataDir) !== before || undefined)
      await s.until(async () => (await s.tokens('n/b').catch(() => [])).length === value + 1 || undefined)
      expect(await database.query('select status from runtime.decisions where session = $1 and key = $2', [s.session, key])).toHaveLength(1)
    }
    await s.quiet()
    expect(await s.tokens('n/b')).toEqual([0, 1, 2])
    expect(await verify(database, s.session)).toMatchObject({ ok: true, differences: [], inTransit: 0 })
  })
})

/** While the server comes back it has no pid file. */
function postmasterNow(dataDir: string): number | undefined {
  try {
    return postmasterOf(dataDir)
  } catch {
    return undefined
  }
}

describe('two controllers', () => {
  test('on one data directory: the second is refused by name, and the first goes on', async () => {
    const dataDir = folder()
    const env = { AGENTICOS_DATA_DIR: dataDir, AGENTICOS_PORT: '0', AGENTICOS_ONLY: 'engine,reconcile,dispatch,api', AGENTICOS_LOG_LEVEL: 'info' }
    const first = new Restartable('controller/main.js', env, 'the controller runs')
    onTestFinished(() => first.stop())
    await first.start()
    const { url } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { url: string }
    const second = await run(process.execPath, [join(packageRoot(), 'dist/controller/main.js')], { cwd: dataDir, env: { PATH: process.env['PATH'], ...env } })
    const pid = (JSON.parse(first.lines[0]!) as { pid: number }).pid
    expect([second.code, second.err.trim().replace(/\s*\n\s*/g, ' | ').replaceAll(dataDir, 'DATA').replaceAll(String(pid), 'PID')]).toEqual([1, 'error: the data directory DATA is in use by the controller with pid PID | do:  stop that one first (kill PID), or give this one a directory of its own with --data-dir'])
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect(readFileSync(join(dataDir, 'server.json'), 'utf8')).toContain(url)
  })
})

describe('an executor', () => {
  test('that settles twice, otherwise, or after its lease, makes one token of each firing', async () => {
    const river = await startRiver({ files: { 'nets/field/n.yaml': NET }, env: { AGENTICOS_ONLY: 'engine,reconcile,dispatch,api' } })
    const { token: bootstrap } = await river.client.call(API.createAccess, { body: { name: 'boot', kind: 'bootstrap' } as never })
    const post = async <T>(path: string, body: object, token = own): Promise<T> => {
      const headers = { 'content-type': 'application/json', 'authorization': `Bearer ${token}` }
      return (await (await fetch(`${river.url}/v1/executors/${path}`, { method: 'POST', body: JSON.stringify(body), headers })).json()) as T
    }
    let own = ''
    own = (await post<{ token: string }>('register', { name: 'me', labels: {}, capacity: 4, kinds: ['command'], version: '1', protocol: 1, host: 'here', fresh: true }, bootstrap)).token
    const lease = async (poll: number): Promise<LeasedEffect> =>
      (await post<{ effects: LeasedEffect[] }>('lease', { poll: `7b0a6a2e-0000-4000-8000-00000000000${poll}`, abandoned: [], slots: 1, waitMs: 30_000 })).effects[0]!
    const settle = async ({ session, firing, attempt, lease: held }: LeasedEffect, result: string): Promise<string | undefined> =>
      (await post<{ verdicts: { verdict: string }[] }>('settle', { outcomes: [{ session, firing, attempt, lease: held, outcome: { status: 'done', result } }] })).verdicts[0]?.verdict

    await river.put('field/n/jobs', 1)
    const first = await lease(1)
    expect(await Promise.all([settle(first, 'a'), settle(first, 'a'), settle(first, 'a')])).toEqual(expect.arrayContaining(['settled', 'repeated', 'repeated']))
    expect(await settle(first, 'b')).toBe('conflict')
    await river.quiet('field')
    expect(await settle(first, 'a')).toBe('repeated')

    await river.put('field/n/jobs', 2)
    const second = await lease(2)
    await river.db.query(`update runtime.effects set lease_until = now() - interval '1 second' where session = 'field' and firing = $1`, [second.firing])
    const third = await lease(3)
    expect([third.firing, third.attempt, third.idempotencyKey]).toEqual([second.firing, 2, second.idempotencyKey])
    expect(await settle(second, 'late')).toBe('lost')
    expect(await settle(third, 'c')).toBe('settled')
    expect(await settle(second, 'late')).toBe('lost')
    await river.quiet('field')

    expect(await river.tokens('field/n/results')).toEqual(['a', 'c'])
    expect((await river.events('field', { type: 'effect.settled' })).length).toBe(2)
    expect(await river.client.call(API.verify, { params: { session: 'field' } })).toMatchObject({ ok: true, differences: [] })
  })
})

describe('a database that was set back', () => {
  test('refuses what its owner remembers, goes on from where it is, and the seal in git tells what was lost', async () => {
    const { database } = await testDatabase({ connections: 10 })
    const s = new TestSession(database, 'past')
    await s.apply({ n: CHAIN })
    await s.engine()
    for (const value of [0, 1]) await s.put('n/a', value)
    await s.quiet()
    const tables = (await database.query<{ name: string }>(
      `select c.table_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
         where c.table_schema = 'runtime' and c.column_name = 'session' and t.table_type = 'BASE TABLE' and c.table_name !~ '^segments_'`)).map((row) => row.name)
    for (const table of tables) await database.query(`create table public.past_${table} as select * from runtime.${table} where session = $1`, [s.session])
    for (const value of [2, 3, 4]) await s.put('n/a', value)
    await s.quiet()
    const [then] = await database.query<{ seq: number, head: string }>('select seq, head from runtime.sessions where session = $1', [s.session])
    const seal = { session: s.session, ...then! }
    expect(await verify(database, s.session, seal)).toMatchObject({ ok: true })

    // as a restore does it, under an owner that still lives and remembers
    await database.transaction(async (tx) => {
      await tx.query('set local session_replication_role = replica')
      for (const table of tables) {
        await tx.query(`delete from runtime.${table} where session = $1`, [s.session])
        await tx.query(`insert into runtime.${table} overriding system value select * from public.past_${table}`)
      }
    })
    expect(await s.put('n/a', 'after')).toMatchObject([{ status: 201 }])
    await s.quiet()
    expect(await s.tokens('n/b')).toEqual([0, 1, 'after'])
    const events = await s.events()
    expect(events.map((event) => event['n'])).toEqual(events.map((_, index) => index + 1))
    const told = await verify(database, s.session, seal)
    expect(told.ok).toBe(false)
    expect(told.differences).toEqual([{ kind: 'seal', at: `${told.seq}`, message: `refs/audit/log sealed event ${seal.seq}, and the log ends at ${told.seq}: the database lost its tail` }])
    for (const value of [5, 6, 7]) await s.put('n/a', value)
    await s.quiet()
    expect((await verify(database, s.session, seal)).differences).toMatchObject([{ kind: 'seal', message: expect.stringMatching(/sealed in refs\/audit\/log/) as unknown }])
    expect((await verify(database, s.session)).ok).toBe(true)
  })
})
