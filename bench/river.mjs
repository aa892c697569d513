// A session of ours, driven as reconcile and the API drive it, on the compiled program.
import { randomUUID } from 'node:crypto'
import { startEngine } from '../dist/controller/engine/engine.js'
import { createLog } from '../dist/controller/log.js'
import { insertGenerations } from '../dist/controller/store/generations/insert.js'
import { pointSessions } from '../dist/controller/store/generations/point.js'
import { writeNets } from '../dist/controller/store/nets/write.js'
import { checkRepository } from '../dist/petri/doctor/check.js'
import { readFile } from '../dist/petri/read.js'

/** Applies one net (text without its head) to a session, at a generation. */
export async function apply(db, session, name, text, generation = 1, sessionText = 'limits: {tokens: 5000000}\n') {
  const head = (kind, named) => `apiVersion: agenticos.dev/v1\nkind: ${kind}\nmetadata: {name: ${named}}\n`
  const { sessions, findings } = checkRepository([
    readFile(`nets/${session}/${name}.yaml`, head('Net', name) + text), readFile(`nets/${session}/session.yaml`, head('Session', session) + sessionText)])
  const errors = findings.filter((finding) => finding.level === 'error')
  if (errors.length > 0) throw new Error(JSON.stringify(errors, null, 1))
  const { config, nets } = sessions.get(session)
  await writeNets(db, [...nets.values()].map((net) => ({ session, net: net.name, identity: `${generation}`, path: '', blob: '', definition: net, findings: [] })))
  const row = { session, generation, commit: 'bench', config, nets: Object.fromEntries([...nets.keys()].map((key) => [key, `${generation}`])) }
  await insertGenerations(db, [row])
  await pointSessions(db, [row])
  db.notify('inbox', session)
}

export async function engine(db, options = {}) {
  const end = new AbortController()
  const { stopped } = await startEngine({ db, log: createLog({ level: 'warn' }), signal: end.signal, ...options })
  return async () => {
    end.abort()
    await stopped
  }
}

/** Puts values in portions of 1,000 a row of the inbox. */
export async function put(db, session, place, values) {
  for (let start = 0; start < values.length; start += 1000) {
    const body = JSON.stringify({ place, tokens: values.slice(start, start + 1000).map((data) => ({ data })), by: 'bench' })
    await db.query('insert into runtime.inbox (session, kind, key, body) values ($1, $2, $3, $4)', [session, 'put', randomUUID(), body])
  }
  db.notify('inbox', session)
}

export async function until(ask, everyMs = 2) {
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

export async function lifecycle(db, session, state) {
  await db.transaction(async (tx) => {
    await tx.query('update runtime.sessions set fence = fence + 1 where session = $1', [session])
    await tx.query(`insert into runtime.lifecycle (session, state, by) values ($1, $2, 'bench') on conflict (session, net, transition) do update set state = excluded.state`, [session, state])
    await tx.query('insert into runtime.inbox (session, kind, body) values ($1, $2, $3)', [session, 'lifecycle', JSON.stringify({ net: '', transition: '', state, by: 'bench', reason: '', shiftMs: 0 })])
  })
  db.notify('inbox', session)
}
