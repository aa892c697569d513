// Promise F: two controllers on one Postgres, work of all sorts under way in both, and a stop through either of them. From the
// acknowledgement on nothing fires and nothing is leased; what runs may end, or is ended; start goes on without loss.
import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { API } from '../../protocol/api.js'
import type { LeasedEffect } from '../../protocol/effect.js'
import { createClient, type Client } from '../../protocol/client.js'
import { Restartable } from '../support/processes.js'
import { startRiver, type River } from '../support/river.js'

const SESSIONS = ['one', 'two', 'three', 'four']
const NET = `apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: n}
places: {todo: {category: task}, checked: {category: task}, jobs: {category: task}, done: {category: task}, ticks: {category: task}, long: {category: task}, ended: {category: task}}
transitions:
  check: {kind: pass, in: {x: todo}, out: {checked: {}}}
  send: {kind: pass, in: {x: checked}, out: {done: {}}}
  run: {kind: command, in: {x: jobs}, retry: {attempts: 20, backoff: 10ms..20ms}, do: {script: 'sleep 0.02; echo $X', env: {X: '\${x}'}}, out: {done: {emit: '\${result.stdout | trim | parse}'}}}
  tick: {kind: map, schedule: {every: 500ms}, do: {template: '\${_firing.id}'}, out: {ticks: {}}}
  wait: {kind: command, in: {x: long}, timeout: 10m, do: {script: '[ -e "$F" ] && exit 0; echo $$ > "$F"; trap "" TERM; while :; do sleep 1; done', env: {F: '\${x}'}}, out: {ended: {}}}
`
let river: River
let second: Restartable
let other: Client
beforeAll(async () => {
  river = await startRiver()
  second = new Restartable('controller/main.js', { DATABASE_URL: river.databaseUrl, AGENTICOS_DATA_DIR: river.dataDir, AGENTICOS_PORT: '0', AGENTICOS_ONLY: 'engine,dispatch,api', AGENTICOS_LOG_LEVEL: 'info' }, 'the controller runs')
  await second.start()
  const { url } = JSON.parse(second.lines.find((line) => line.includes('the controller runs'))!) as { url: string }
  other = createClient({ server: url, token: (await readFile(join(river.dataDir, 'admin-token'), 'utf8')).trim() })
  // both are there when the sessions come, and share them
  await river.merge(Object.fromEntries(SESSIONS.map((name) => [`nets/${name}/n.yaml`, NET])))
})
afterAll(() => second.stop())

const alive = (pid: number): boolean => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
const values = async (session: string, place: string): Promise<number[]> => (await river.tokens(`${session}/n/${place}`) as number[]).sort((a, b) => a - b)

/** Puts numbers in all sessions through both controllers until told to end; how many went into each session. */
function load(): { more(rounds: number): Promise<void>, end(): Promise<Map<string, number>> } {
  let going = true
  const rounds = new Map(SESSIONS.map((name) => [name, 0]))
  const counts = new Map<string, number>()
  const lanes = SESSIONS.map(async (session, nth) => {
    const client = nth % 2 === 0 ? river.client : other
    let next = begun.get(session) ?? 0
    while (going) {
      const part = Array.from({ length: 50 }, (_, at) => next + at)
      next += 50
      // one in fifty is work for an executor
      const answers = await Promise.all([['todo', part.slice(1)] as const, ['jobs', part.slice(0, 1)] as const].map(([place, body]) =>
        client.call(API.putTokens, { params: { session, net: 'n', place }, body })))
      expect(answers.flatMap(({ problems }) => problems)).toEqual([])
      rounds.set(session, rounds.get(session)! + 1)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    begun.set(session, next)
    counts.set(session, next)
  })
  return {
    async more(wanted) {
      const from = new Map(rounds)
      await river.until('puts go on', async () => SESSIONS.every((name) => rounds.get(name)! >= from.get(name)! + wanted))
    },
    end: async () => (going = false, await Promise.all(lanes), counts),
  }
}
const begun = new Map<string, number>()

/** What happened in the stopped sessions after the acknowledgement that must not. */
async function after(sessions: readonly string[], seqs: ReadonlyMap<string, number>, at: string): Promise<unknown[]> {
  const found: unknown[] = []
  for (const session of sessions) {
    found.push(...await river.db.query(
      `select session, n, type, transition from runtime.events where session = $1 and n > $2 and type in ('transition.fired', 'transition.started', 'effect.retried')`, [session, seqs.get(session)!]))
    found.push(...await river.db.query(`select session, firing, state, leased_at from runtime.effects where session = $1 and (state = 'pending' or leased_at > $2::timestamptz)`, [session, at]))
  }
  return found
}

describe('a stop under load', () => {
  test.each([['one', 0], ['two', 1], ['*', 0], ['three', 0], ['*', 1]] as const)('of %s through controller %i: after the acknowledgement nothing fires and nothing is leased', async (target, nth) => {
    const stopper = [river.client, other][nth]!
    const stopped = target === '*' ? SESSIONS : [target]
    const running = load()
    await river.until('work is under way', async () => (await river.db.query(`select from runtime.effects where state = 'leased' and session = any($1)`, [stopped])).length > 0)
    await running.more(2)
    await stopper.call(API.lifecycle, { body: { target, state: 'stopped' } })
    const [{ at } = { at: '' }] = await river.db.query<{ at: string }>('select clock_timestamp()::text as at')
    const seqs = new Map((await river.db.query<{ session: string, seq: number }>('select session, seq from runtime.sessions')).map((row) => [row.session, row.seq]))

    await running.more(8)
    await river.until('what ran has ended', async () => (await river.db.query(`select from runtime.effects where state = 'leased' and session = any($1)`, [stopped])).length === 0)
    const ticks = new Map(await Promise.all(stopped.map(async (name) => [name, (await river.tokens(`${name}/n/ticks`)).length] as const)))
    const counts = await running.end()
    await river.until('puts are still decided', async () => (await Promise.all(stopped.map((name) => river.client.call(API.getSession, { params: { session: name } })))).every((one) => one.inbox === 0))
    expect(await after(stopped, seqs, at)).toEqual([])
    for (const name of stopped) {
      expect((await river.tokens(`${name}/n/ticks`)).length).toBe(ticks.get(name))
      expect(await stopper.call(API.verify, { params: { session: name } })).toMatchObject({ ok: true, differences: [] })
    }

    await stopper.call(API.lifecycle, { body: { target, state: 'running' } })
    for (const name of SESSIONS) await river.until(`${name} has done all`, async () => (await values(name, 'done')).length >= (counts.get(name) ?? 0))
    for (const name of SESSIONS) expect(await values(name, 'done')).toEqual(Array.from({ length: counts.get(name)! }, (_, value) => value))
  })

  test('an executor that asks by itself gets nothing either, by long-poll or at once', async () => {
    const bootstrap = await river.client.call(API.createAccess, { body: { name: 'asker', kind: 'bootstrap' } as never })
    const ask = async (path: string, token: string, body: object) =>
      (await (await fetch(`${river.url}/v1/executors/${path}`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', 'authorization': `Bearer ${token}` } })).json()) as { token: string, effects: LeasedEffect[] }
    const { token } = await ask('register', bootstrap.token, { name: 'asker', labels: {}, capacity: 1, kinds: ['command'], version: '1', protocol: 1, host: 'x', fresh: true })
    await river.client.call(API.lifecycle, { body: { target: '*', state: 'stopped' } })
    const waiting = ask('lease', token, { poll: '7b0a6a2e-0000-4000-8000-000000000001', abandoned: [], slots: 10, waitMs: 3_000 })
    for (const name of SESSIONS) await river.put(`${name}/n/jobs`, -1)
    expect((await waiting).effects).toEqual([])
    await river.client.call(API.lifecycle, { body: { target: '*', state: 'running' } })
    for (const name of SESSIONS) {
      await river.until(`${name} goes on`, async () => (await values(name, 'done'))[0] === -1)
    }
  })
})

describe('stop --now', () => {
  test('ends a command that would not end, wherever it runs, and its value can be tried again', async () => {
    const file = join(river.dataDir, 'long.pid')
    await river.put('one/n/long', file)
    const pid = await river.until('the command runs', async () => existsSync(file) && Number(readFileSync(file, 'utf8')))
    expect(alive(pid)).toBe(true)
    const { leased } = await other.call(API.lifecycle, { body: { target: 'one', state: 'stopped', now: true } })
    expect(leased).toMatchObject([{ transition: 'wait', cancel: 'stopped by admin' }])
    await river.until('it is gone', async () => !alive(pid))
    const letter = await river.until('it is settled', async () => (await river.client.call(API.listDead, { params: { session: 'one' } })).items[0])
    expect(letter).toMatchObject({ transition: 'wait', code: 'cancelled', data: { input: { x: file } } })
    await river.client.call(API.lifecycle, { body: { target: 'one', state: 'running' } })
    await river.client.call(API.decideDead, { params: { session: 'one', token: letter.id }, body: { verb: 'retry' } })
    await river.until('it is done', async () => (await river.tokens('one/n/ended')).length === 1)
    expect((await river.client.call(API.listDead, { params: { session: 'one' } })).items).toEqual([])
  })

  test('leaves everything as it was, and proves it', async () => {
    for (const name of SESSIONS) expect(await river.client.call(API.verify, { params: { session: name } })).toMatchObject({ ok: true, differences: [] })
  })
})
