// Tokens through a chain of transitions, against job queues that do as many jobs.

import { makeWorkerUtils, run as runGraphile } from 'graphile-worker'
import * as pgBoss from 'pg-boss'
import { client } from './postgres.mjs'
import { apply, engine, lifecycle, put, until } from './river.mjs'

export const value = (n) => ({ n, ip: `10.${n % 7}.${n % 251}.${n % 13}`, text: `Failed password for invalid user user${n % 977} from 10.1.2.${n % 255} port ${1024 + (n % 60000)} ssh2`, seen: n * 7919 % 1000003 })
const values = (count) => Array.from({ length: count }, (_, n) => value(n))

export function chain(kind, hops) {
  const places = Array.from({ length: hops + 1 }, (_, n) => `  p${n}: {category: task}\n`).join('')
  const action = kind === 'map' ? `kind: map, do: {template: {n: '\${x.n}', ip: '\${x.ip}', seen: '\${x.seen}'}}` : 'kind: pass'
  return `places:\n${places}transitions:\n${Array.from({ length: hops }, (_, n) => `  t${n}: {${action}, in: {x: p${n}}, out: {p${n + 1}: {}}}\n`).join('')}`
}

/** Firings a second: tokens lie in the table, the session starts, all are in the last place. */
export async function drainOurs(server, count, hops, kind, sessions = 1) {
  const { url, db } = await server.ours()
  const names = Array.from({ length: sessions }, (_, n) => `s${n}`)
  const stop = await engine(db)
  for (const name of names) {
    await apply(db, name, 'n', chain(kind, hops))
    await lifecycle(db, name, 'stopped')
    await put(db, name, 'n/p0', values(count / sessions))
  }
  const quiet = () => db.query(`select bool_and(wake_at is null and seq > 0) and not exists (select from runtime.inbox) as quiet from runtime.sessions`).then(([row]) => row.quiet)
  await until(quiet, 20)
  await db.query('checkpoint')
  const start = performance.now()
  for (const name of names) await lifecycle(db, name, 'running')
  await until(quiet, 5)
  const seconds = (performance.now() - start) / 1000
  const [{ done }] = await db.query(`select count(*) as done from runtime.tokens where place = 'n/p${hops}'`)
  if (done !== count) throw new Error(`${done} of ${count} tokens arrived`)
  await stop()
  await db.close()
  await server.drop(url)
  return (count * hops) / seconds
}

/** Jobs a second of graphile-worker: 24 at a time, local queue 500, completion batched; or as it comes. */
export async function drainGraphile(server, count, batched) {
  const url = await server.fresh()
  const utils = await makeWorkerUtils({ connectionString: url })
  await utils.migrate()
  for (let from = 0; from < count; from += 5000) {
    await utils.addJobs(values(count).slice(from, from + 5000).map((payload) => ({ identifier: 'task', payload })))
  }
  await utils.release()
  const watch = client(url)
  await watch.connect()
  await watch.query('checkpoint')
  let done = 0
  let finished
  const end = new Promise((resolve) => { finished = resolve })
  const quiet = { error() {}, warn() {}, info() {}, debug() {} }
  const { Logger } = await import('graphile-worker')
  const start = performance.now()
  const runner = await runGraphile({
    connectionString: url, taskList: { task: async () => { if (++done === count) finished() } }, noHandleSignals: true, logger: new Logger(() => (level, text) => quiet[level]?.(text)),
    ...(batched ? { concurrency: 24, preset: { worker: { concurrentJobs: 24, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } } } : {}),
  })
  await end
  await until(async () => (await watch.query('select count(*)::int as left from graphile_worker._private_jobs')).rows[0].left === 0, 5)
  const seconds = (performance.now() - start) / 1000
  await runner.stop()
  await watch.end()
  await server.drop(url)
  return count / seconds
}

/** Jobs a second of pg-boss: four loops that fetch and complete 500 each. */
export async function drainBoss(server, count) {
  const url = await server.fresh()
  const boss = new (pgBoss.PgBoss ?? pgBoss.default)({ connectionString: url, supervise: false, schedule: false, migrate: true })
  boss.on('error', () => {})
  await boss.start()
  await boss.createQueue('task')
  for (let from = 0; from < count; from += 1000) await boss.insert('task', values(count).slice(from, from + 1000).map((data) => ({ data })))
  const watch = client(url)
  await watch.connect()
  await watch.query('checkpoint')
  let done = 0
  const start = performance.now()
  await Promise.all(Array.from({ length: 4 }, async () => {
    while (done < count) {
      const jobs = await boss.fetch('task', { batchSize: 500 })
      if (jobs.length === 0) break
      await boss.complete('task', jobs.map((job) => job.id))
      done += jobs.length
    }
  }))
  const seconds = (performance.now() - start) / 1000
  await boss.stop({ graceful: false })
  await watch.end()
  await server.drop(url)
  return done / seconds
}

/** The floor: claim 1,000 rows, delete them, insert as many and an event each, one statement, one connection. */
export async function drainRaw(server, count) {
  const url = await server.fresh()
  const connection = client(url)
  await connection.connect()
  await connection.query(`create table tokens (id bigint primary key, place text, data jsonb); create index on tokens (place, id);
    create table events (n bigint generated always as identity primary key, event jsonb)`)
  for (let from = 0; from < count; from += 5000) {
    await connection.query(`insert into tokens select (e ->> 'n')::bigint, 'a', e from jsonb_array_elements($1::jsonb) e`, [JSON.stringify(values(count).slice(from, from + 5000))])
  }
  await connection.query('checkpoint')
  const start = performance.now()
  for (let done = 0; done < count;) {
    const { rowCount } = await connection.query({ name: 'hop', text: `with taken as (
        delete from tokens where id in (select id from tokens where place = 'a' order by id limit 1000 for update skip locked) returning id, data),
      made as (insert into tokens select id + 1000000000, 'b', data - 'text' from taken returning id, data)
      insert into events (event) select jsonb_build_object('consumed', t.id, 'produced', t.id + 1000000000, 'data', t.data) from taken t` })
    done += rowCount
  }
  const seconds = (performance.now() - start) / 1000
  await connection.end()
  await server.drop(url)
  return count / seconds
}


