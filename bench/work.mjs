// Effects through one executor; reconciling many nets; the same work beside ever more tokens and nets.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openReconciler } from '../dist/controller/reconcile/reconcile.js'
import { createLog } from '../dist/controller/log.js'
import { openBare } from '../dist/controller/forge/bare.js'
import { chain, value } from './drain.mjs'
import { apply, engine, lifecycle, put, until } from './river.mjs'
import { startWhole } from './whole.mjs'

/** Effects a second: a whole controller and its executor as processes; each effect is one http call to a server that answers at once, or one process. */
export async function effects(server, count, kind) {
  const { url, db } = await server.ours()
  const answering = createServer((_, response) => response.end('{}'))
  await new Promise((resolve) => answering.listen(0, '127.0.0.1', resolve))
  const target = `http://127.0.0.1:${answering.address().port}/`
  const whole = await startWhole(url, { AGENTICOS_EGRESS_ALLOW: 'http://127.0.0.1' })
  const action = kind === 'http' ? `kind: http, do: {url: '${target}'}` : 'kind: command, do: {argv: ["true"]}'
  await apply(db, 's', 'n', `places: {a: {category: task}, b: {category: task}}\ntransitions:\n  work: {${action}, in: {x: a}, out: {b: {emit: '\${x.n}'}}, concurrency: 256}\n`)
  const start = performance.now()
  await put(db, 's', 'n/a', Array.from({ length: count }, (_, n) => value(n)))
  await until(() => db.query(`select count(*) = $1 as done from runtime.tokens where place in ('n/b', 'n/_failed')`, [count]).then(([row]) => row.done), 10)
  const seconds = (performance.now() - start) / 1000
  const [{ failed }] = await db.query(`select count(*) as failed from runtime.tokens where place = 'n/_failed'`)
  if (failed > 0) throw new Error(`${failed} effects failed: ${JSON.stringify((await db.query(`select data -> 'error' as e from runtime.tokens where place = 'n/_failed' limit 1`))[0])}`)
  await whole.stop()
  answering.close()
  await db.close()
  await server.drop(url)
  return count / seconds
}

const netFile = (name, n) => `apiVersion: agenticos.dev/v1\nkind: Net\nmetadata: {name: ${name}}\n${chain('map', 8)}# version ${n}\n`.replace('# version', 'layout: {p0: [0, 0]}\n# version').replace('p8: {category: task}', `p8: {category: task, title: "v${n}"}`)

/** Seconds of a reconcile of so many nets: the first time, and after one of them changed; nothing changed beside it. */
export async function reconcile(server, nets) {
  const { url, db } = await server.ours()
  const dataDir = await mkdtemp(join(tmpdir(), 'agenticos-bench-nets-'))
  const path = (n) => `nets/s${Math.floor(n / 50)}/n${n}.yaml`
  const seed = { message: 'nets', by: { name: 'bench' }, files: Array.from({ length: nets }, (_, n) => ({ path: path(n), content: netFile(`n${n}`, 0) })) }
  const log = createLog({ level: 'silent' })
  const forge = await openBare({ dataDir, log, changed: () => {}, seed })
  const stop = await engine(db)
  const pass = openReconciler({ db, forge, log })
  const timed = async (work) => {
    const start = performance.now()
    await work()
    await until(() => db.query('select bool_and(adopted = generation) as ready from runtime.sessions').then(([row]) => row.ready), 5)
    return (performance.now() - start) / 1000
  }
  const cold = await timed(pass)
  const by = { name: 'bench' }
  const { number } = await forge.proposals.open({ title: 'One net changes', body: '', from: { files: [{ path: path(0), content: netFile('n0', 1) }] } }, by)
  await forge.proposals.merge(number, by)
  const one = await timed(pass)
  const none = await timed(pass)
  await stop()
  forge.close()
  await db.close()
  await server.drop(url)
  await rm(dataDir, { recursive: true, force: true })
  return { cold, one, none }
}

/** Firings a second of the same 20,000 firings beside so many other tokens (in another place of the net) or nets. */
export async function beside(server, { tokens = 0, nets = 0 }) {
  const { url, db } = await server.ours()
  const stop = await engine(db)
  await apply(db, 's', 'n', chain('map', 1) .replace('places:\n', 'places:\n  store: {category: learning}\n'))
  for (let n = 0; n < nets; n++) await apply(db, `other${n}`, 'n', chain('map', 1))
  await lifecycle(db, 's', 'stopped')
  for (let from = 0; from < tokens; from += 20_000) {
    await put(db, 's', 'n/store', Array.from({ length: Math.min(20_000, tokens - from) }, (_, n) => ({ n: from + n })))
    await until(() => db.query('select not exists (select from runtime.inbox) as done').then(([row]) => row.done), 20)
  }
  const rates = []
  for (let round = 0; round < 3; round++) {
    await put(db, 's', 'n/p0', Array.from({ length: 20_000 }, (_, n) => value(n)))
    const quiet = () => db.query(`select bool_and(wake_at is null) and not exists (select from runtime.inbox) as quiet from runtime.sessions`).then(([row]) => row.quiet)
    await until(quiet, 20)
    await db.query('checkpoint')
    const start = performance.now()
    await lifecycle(db, 's', 'running')
    await until(quiet, 5)
    rates.push(20_000 / ((performance.now() - start) / 1000))
    await lifecycle(db, 's', 'stopped')
    await until(quiet, 5)
  }
  await stop()
  await db.close()
  await server.drop(url)
  return rates
}

/** Tokens put and drained at a steady rate for so many seconds: memory of this process and dead rows, at the start and the end. */
export async function soak(server, seconds, perSecond) {
  const { url, db } = await server.ours()
  const stop = await engine(db)
  await apply(db, 's', 'n', chain('map', 3).replace('p3: {category: task}', 'p3: {category: learning, keep: 1000}'))
  const look = async () => {
    globalThis.gc?.()
    const rows = await db.query(`select relname as table, n_live_tup as live, n_dead_tup as dead from pg_stat_user_tables where schemaname = 'runtime' and relname in ('tokens', 'inbox', 'sessions', 'decisions') order by 1`)
    return { mb: Math.round(process.memoryUsage().heapUsed / 2 ** 20), rss: Math.round(process.memoryUsage().rss / 2 ** 20), rows }
  }
  const looks = []
  const end = performance.now() + seconds * 1000
  for (let n = 0; performance.now() < end; n++) {
    await put(db, 's', 'n/p0', Array.from({ length: perSecond / 10 }, (_, i) => value(n * 100 + i)))
    await new Promise((resolve) => setTimeout(resolve, 100))
    if (n % Math.max(1, Math.floor(seconds * 10 / 6)) === 20) looks.push(await look())
  }
  looks.push(await look())
  await stop()
  await db.close()
  await server.drop(url)
  return looks
}

