// What it costs to have sessions that do nothing: statements on the database, counted, not timed. A handful a sweep, however many.
import pg from 'pg'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { startDispatch } from '../../controller/dispatch/dispatch.js'
import { startEngine } from '../../controller/engine/engine.js'
import { createLog } from '../../controller/log.js'
import type { Database, Queryable } from '../../controller/store/database.js'
import { testDatabase } from '../support/database.js'
import { Restartable } from '../support/processes.js'
import { TestSession } from '../support/session.js'

const NET = `
places: {a: {category: task}, b: {category: task, tokens: [1, 2, 3]}, ticks: {category: task}}
transitions:
  t: {kind: pass, in: {x: a}, out: {b: {}}}
  late: {kind: pass, schedule: {cron: "0 0 1 1 *"}, out: {ticks: {emit: 1}}}
`
const quiet = createLog({ level: 'silent' })

/** So many sessions as the first one is: its net, its generation, a revision to adopt and a token to fire. */
async function multiply(database: Database, count: number): Promise<void> {
  const s = new TestSession(database, 'idle-0')
  await s.apply({ n: NET })
  const others = `from generate_series(1, ${count - 1}) as k`
  await database.query(`insert into design.nets (session, net, identity, path, blob, definition, findings)
    select 'idle-' || k, net, identity, path, blob, jsonb_set(definition, '{session}', to_jsonb('idle-' || k)), findings ${others}, design.nets n where n.session = 'idle-0'`)
  await database.query(`insert into design.generations (session, generation, commit, config, nets)
    select 'idle-' || k, generation, commit, jsonb_set(config, '{session}', to_jsonb('idle-' || k)), nets ${others}, design.generations g where g.session = 'idle-0'`)
  await database.query(`insert into runtime.sessions (session, generation) select 'idle-' || k, 1 ${others}`)
  await database.query(`insert into runtime.inbox (session, kind, key, body)
    select 'idle-' || k, 'revision', null, body ${others}, (select body from runtime.inbox where session = 'idle-0' and kind = 'revision') r`)
  await database.query(`insert into runtime.inbox (session, kind, key, body)
    select session, 'put', 'put-' || session, '{"place":"n/a","tokens":[{"data":0}],"by":"test"}' from runtime.sessions`)
}

/** A database that keeps the statements sent through it. */
function counting(real: Database): { db: Database, statements: string[] } {
  const statements: string[] = []
  const counted = (inner: Queryable): Queryable => ({
    query: (text, values, name) => {
      statements.push(text.replace(/\s+/g, ' ').slice(0, 60))
      return inner.query(text, values, name)
    },
  })
  return { statements, db: { ...real, ...counted(real), transaction: (run) => real.transaction((tx) => run(counted(tx))) } }
}

async function until(look: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** Statements of an engine and a dispatch in so many sweeps, once every session has done its work and left memory. */
async function idle(count: number, sweeps: number): Promise<string[]> {
  const { database } = await testDatabase({ connections: 10 })
  await multiply(database, count)
  const { db, statements } = counting(database)
  const end = new AbortController()
  const { stopped } = await startEngine({ db, log: quiet, signal: end.signal, idleMs: 1, sweepMs: 200, renewMs: 200 })
  const dispatch = await startDispatch(db, quiet, end.signal)
  onTestFinished(async () => {
    end.abort()
    await Promise.all([stopped, dispatch.stopped])
  })
  await until(async () => (await database.query<{ n: number }>(`select count(*)::int as n from runtime.sessions where adopted = generation and owner is null and seq > 0`))[0]!.n === count)
  expect(await database.query(`select from runtime.tokens where place = 'n/b'`)).toHaveLength(4 * count)
  const sweep = (text: string): boolean => text.startsWith('select s.session from runtime.sessions s where s.wake_at')
  const from = statements.length
  await until(() => statements.slice(from).filter(sweep).length > sweeps)
  const seen = statements.slice(from)
  return seen.slice(seen.findIndex(sweep), seen.findLastIndex(sweep))
}

describe('sessions with nothing to do', () => {
  test('cost three statements a sweep, be they ten or a thousand', async () => {
    for (const count of [10, 1_000]) {
      const seen = await idle(count, 10)
      const kinds = new Set(seen)
      expect([count, [...kinds].sort()]).toEqual([count, [...kinds].filter((text) => /engines|s\.wake_at/.test(text)).sort()])
      expect(seen.length).toBeLessThanOrEqual(10 * 3 + 3)
    }
  })

  test('cost a whole controller a few transactions in a window of one sweep, by the count of Postgres itself', async () => {
    const { url, database } = await testDatabase()
    await database.query(`insert into runtime.sessions (session, generation, adopted) select 'idle-' || k, 1, 1 from generate_series(1, 1000) as k`)
    const dataDir = mkdtempSync(join(tmpdir(), 'agenticos-idle-'))
    const controller = new Restartable('controller/main.js', { DATABASE_URL: url, AGENTICOS_DATA_DIR: dataDir, AGENTICOS_PORT: '0', AGENTICOS_ONLY: 'engine,dispatch,api', AGENTICOS_LOG_LEVEL: 'info' }, 'the controller runs')
    const outside = new pg.Client({ connectionString: inject('postgres').url })
    await outside.connect()
    onTestFinished(async () => {
      await controller.stop()
      await outside.end()
      rmSync(dataDir, { recursive: true, force: true })
    })
    await controller.start()
    const transactions = async (): Promise<number> =>
      Number((await outside.query<{ n: string }>('select xact_commit + xact_rollback as n from pg_stat_database where datname = $1', [new URL(url).pathname.slice(1)])).rows[0]!.n)
    // the start is over, and what it did is counted
    let before = await transactions()
    await until(async () => {
      const last = before
      await new Promise((resolve) => setTimeout(resolve, 2_000))
      before = await transactions()
      return before - last <= 3
    })
    await new Promise((resolve) => setTimeout(resolve, 16_000))
    expect(await transactions() - before).toBeLessThanOrEqual(40)
  })
})
