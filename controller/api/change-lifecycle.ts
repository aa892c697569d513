import { insertInbox } from '../store/inbox/insert.js'
import { cancelEffects } from '../store/lifecycle/cancel.js'
import { holdEffects } from '../store/lifecycle/hold.js'
import { stoppedFor } from '../store/lifecycle/stopped-for.js'
import { unholdEffects } from '../store/lifecycle/unhold.js'
import { writeLifecycle } from '../store/lifecycle/write.js'
import { raiseFences } from '../store/sessions/fence.js'
import { lockSessions } from '../store/sessions/lock.js'
import { sessionNames } from '../store/sessions/names.js'
import { listEffects, type EffectRow } from '../store/views/effects.js'
import { missing } from './applied.js'
import type { Context } from './context.js'

/** What to start or stop: session `*` is everything; net and transition '' are the whole of what contains them. */
export interface LifecycleOrder {
  readonly session: string
  readonly net: string
  readonly transition: string
  readonly state: 'running' | 'stopped'
  readonly by: string
  readonly reason: string
  /** stop only: what is leased is cancelled */
  readonly now: boolean
  /** start only: what fell due meanwhile is put off */
  readonly shift: boolean
}

/** Start and stop. One transaction (RUNTIME: Stop): after its acknowledgement nothing of the scope fires or is leased. */
export async function changeLifecycle(context: Pick<Context, 'db' | 'applied'>, order: LifecycleOrder): Promise<{ sessions: string[]; effects: number; leased: EffectRow[] }> {
  const { db } = context
  const { session, net, transition, state, by, reason } = order
  if (session !== '*') await requireTarget(context, session, net, transition)
  const done = await db.transaction(async (tx) => {
    const sessions = await lockSessions(tx, session === '*' ? null : session)
    await raiseFences(tx, sessions)
    const shiftMs = order.shift && state === 'running' ? await stoppedFor(tx, session, net, transition) : 0
    await writeLifecycle(tx, session, net, transition, state, by, reason)
    const stop = state === 'stopped'
    const effects = stop ? await holdEffects(tx, sessions, net, transition) : await unholdEffects(tx, sessions, net, transition)
    if (stop && order.now) await cancelEffects(tx, sessions, net, transition, `stopped by ${by}`)
    const text = JSON.stringify({ net, transition, state, by, reason, shiftMs })
    await insertInbox(tx, sessions.map((name) => ({ session: name, kind: 'lifecycle', key: null, body: text })))
    const leased = await listEffects(tx, { sessions, net: net || undefined, transition: transition || undefined, state: 'leased', limit: 1000 })
    return { sessions, effects, leased }
  })
  for (const name of done.sessions) {
    db.notify('lifecycle', name)
    db.notify('inbox', name)
  }
  return done
}

async function requireTarget({ db, applied }: Pick<Context, 'db' | 'applied'>, session: string, net: string, transition: string): Promise<void> {
  if (net === '') {
    const names = await sessionNames(db)
    if (!names.includes(session)) missing('session', session, names, 'agenticos get sessions')
    return
  }
  const found = await applied.net(session, net)
  if (transition !== '' && !Object.hasOwn(found.transitions, transition)) {
    const prefix = `${session}/${net}/`
    missing('transition', prefix + transition, Object.keys(found.transitions).map((name) => prefix + name), `agenticos get transitions ${session}/${net}`)
  }
}
