import type { FastifyInstance } from 'fastify'
import { API } from '../../../protocol/api.js'
import { changeLifecycle } from '../change-lifecycle.js'
import type { Context } from '../context.js'
import { mount } from '../mount.js'
import { requireSession } from '../principal.js'
import { showEffect } from '../show-effect.js'

/** Start and stop, of everything or of one thing. */
export function lifecycleRoutes(app: FastifyInstance, context: Context): void {
  mount(app, API.lifecycle, async ({ body, principal }) => {
    const { target, state, reason, now, shift } = body
    const [session = '', net = '', transition = ''] = target.split('/')
    requireSession(principal, session)
    const done = await changeLifecycle(context, { session, net, transition, state, by: principal.name, reason, now, shift })
    return { state, sessions: done.sessions, effects: done.effects, leased: done.leased.map(showEffect) }
  })
}
