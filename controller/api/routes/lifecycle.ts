import type { FastifyInstance } from 'fastify'
import { API } from '../../../protocol/api.js'
import { insertInbox } from '../../store/inbox/insert.js'
import { cancelEffects } from '../../store/lifecycle/cancel.js'
import { holdEffects } from '../../store/lifecycle/hold.js'
import { stoppedFor } from '../../store/lifecycle/stopped-for.js'
import { unholdEffects } from '../../store/lifecycle/unhold.js'
import { writeLifecycle } from '../../store/lifecycle/write.js'
import { raiseFences } from '../../store/sessions/fence.js'
import { lockSessions } from '../../store/sessions/lock.js'
import { sessionNames } from '../../store/sessions/names.js'
import { listEffects } from '../../store/views/effects.js'
import { missing } from '../applied.js'
import type { Context } from '../context.js'
import { mount } from '../mount.js'
import { requireSession } from '../principal.js'
import { showEffect } from '../show-effect.js'

/** Start and stop. One transaction (RUNTIME: Stop): after its acknowledgement nothing of the scope fires or is leased. */
export function lifecycleRoutes(app: FastifyInstance, { db, applied }: Context): void {
  mount(app, API.lifecycle, async ({ body, principal }) => {
    const [session, net = '', transition = ''] = body.target.split('/') as [string, string?, string?]
    requireSession(principal, session)
    if (session !== '*') await requireTarget(session, net, transition)
    const scope = session === '*' ? null : session
    const told = { state: body.state, by: principal.name, reason: body.reason }
    const done = await db.transaction(async (tx) => {
      const sessions = await lockSessions(tx, scope)
      await raiseFences(tx, sessions)
      const shiftMs = body.shift && body.state === 'running' ? await stoppedFor(tx, session, net, transition) : 0
      await writeLifecycle(tx, session, net, transition, body.state, principal.name, body.reason)
      const stop = body.state === 'stopped'
      const effects = stop ? await holdEffects(tx, sessions, net, transition) : await unholdEffects(tx, sessions, net, transition)
      if (stop && body.now) await cancelEffects(tx, sessions, net, transition, `stopped by ${principal.name}`)
      const text = JSON.stringify({ net, transition, ...told, shiftMs })
      await insertInbox(tx, sessions.map((name) => ({ session: name, kind: 'lifecycle', key: null, body: text })))
      const leased = await listEffects(tx, { sessions, net: net || undefined, transition: transition || undefined, state: 'leased', limit: 1000 })
      return { sessions, effects, leased }
    })
    for (const name of done.sessions) {
      db.notify('lifecycle', name)
      db.notify('inbox', name)
    }
    return { state: body.state, sessions: done.sessions, effects: done.effects, leased: done.leased.map(showEffect) }
  })

  async function requireTarget(session: string, net: string, transition: string): Promise<void> {
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
}
