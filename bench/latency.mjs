// From the commit of a put to the commit of the firing it enables; the client sees both through the log's own clock.
import { makeWorkerUtils, run as runGraphile, Logger } from 'graphile-worker'
import { chain, value } from './drain.mjs'
import { apply, engine, put, until } from './river.mjs'

/** Milliseconds from the put's commit to the acknowledged commit of its firing. */
export async function latencyOurs(server, count, load) {
  const { url, db } = await server.ours()
  let heard
  const stop = await engine({ ...db, notify(channel, item) {
    if (channel === 'events' && item.startsWith('probe:')) heard?.(Number(item.slice(6)))
    db.notify(channel, item)
  } })
  await apply(db, 'probe', 'n', chain('map', 1))
  if (load > 0) await apply(db, 'load', 'n', chain('map', 1))
  await until(() => db.query(`select bool_and(adopted = generation) as ready from runtime.sessions`).then(([row]) => row.ready))
  // a busy neighbour: so many tokens a second on another session, in rows of ten
  let going = true
  const pressure = (async () => {
    for (let n = 0; going && load > 0; n++) {
      await put(db, 'load', 'n/p0', Array.from({ length: 10 }, (_, i) => value(n * 10 + i)))
      await new Promise((resolve) => setTimeout(resolve, 10_000 / load))
    }
  })()
  const times = []
  for (let n = 0; n < count; n++) {
    const [{ seq }] = await db.query(`select seq from runtime.sessions where session = 'probe'`)
    const done = new Promise((resolve) => { heard = (last) => { if (last >= seq + 2) resolve() } })
    await db.query('insert into runtime.inbox (session, kind, body) values ($1, $2, $3)', ['probe', 'put', JSON.stringify({ place: 'n/p0', tokens: [{ data: value(n) }], by: 'bench' })])
    const start = performance.now()
    db.notify('inbox', 'probe')
    await done
    times.push(performance.now() - start)
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
  going = false
  await pressure
  await stop()
  await db.close()
  await server.drop(url)
  return times
}

/** Milliseconds from the commit of add_job to its handler, idle worker. The job is not yet completed then: less than ours does. */
export async function latencyGraphile(server, count) {
  const url = await server.fresh()
  const utils = await makeWorkerUtils({ connectionString: url })
  await utils.migrate()
  let came
  const runner = await runGraphile({ connectionString: url, concurrency: 24, noHandleSignals: true, logger: new Logger(() => () => {}), taskList: { task: async () => came() } })
  const times = []
  for (let n = 0; n < count; n++) {
    const done = new Promise((resolve) => { came = resolve })
    await utils.addJob('task', value(n))
    const start = performance.now()
    await done
    times.push(performance.now() - start)
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
  await runner.stop()
  await utils.release()
  await server.drop(url)
  return times
}

/** Milliseconds of one write and fsync of 8 KiB in the server's directory: what any commit costs here at least. */
export async function fsyncTimes(dir, count) {
  const { open } = await import('node:fs/promises')
  const file = await open(`${dir}/fsync-probe`, 'w')
  const page = Buffer.alloc(8192, 1)
  const times = []
  for (let n = 0; n < count; n++) {
    const start = performance.now()
    await file.write(page, 0, 8192, n * 8192)
    await file.datasync()
    times.push(performance.now() - start)
  }
  await file.close()
  return times
}
