import type { FastifyInstance } from 'fastify'
import { isObject, own, type Json } from '../../../petri/json.js'
import { formatTokenId, parseTokenId } from '../../../petri/token.js'
import { API } from '../../../protocol/api.js'
import type { DeadAnswer } from '../../../protocol/api/work.js'
import { fail } from '../../errors.js'
import { cancelEffect } from '../../store/effects/cancel.js'
import { revokeExecutorAccess } from '../../store/access/revoke-executor.js'
import { listDead, type DeadRow } from '../../store/views/dead.js'
import { listEffects } from '../../store/views/effects.js'
import { listExecutors } from '../../store/views/executors.js'
import { listPoison } from '../../store/views/poison.js'
import { sessionNames } from '../../store/sessions/names.js'
import { missing } from '../applied.js'
import type { Context } from '../context.js'
import { decide, readKey } from '../decide.js'
import { mount } from '../mount.js'
import { iso, pageOf, readCursor } from '../page.js'
import { maySee, requireSession } from '../principal.js'
import { showEffect } from '../show-effect.js'
import { answerDecision } from './decisions.js'

/** Effects, executors, dead letters, and firing by hand. */
export function workRoutes(app: FastifyInstance, context: Context): void {
  const { db, applied } = context
  mount(app, API.listEffects, async ({ query, principal }) => {
    if (query.session !== undefined) {
      requireSession(principal, query.session)
      await applied.nets(query.session)
    }
    const sessions = query.session !== undefined ? [query.session]
      : principal.sessions.includes('*') ? null : (await sessionNames(db)).filter((name) => maySee(principal, name))
    const cursor = readCursor(query.cursor, ['string', 'string', 'number'])
    const rows = await listEffects(db, {
      sessions, net: query.net, transition: query.transition, state: query.state, limit: query.limit + 1,
      after: cursor && { at: readTime(String(cursor[0])), session: String(cursor[1]), firing: Number(cursor[2]) },
    })
    return pageOf(rows, query.limit, (row) => [iso(row.created_at), row.session, row.firing], showEffect)
  })

  mount(app, API.listExecutors, async ({ query }) => {
    const after = String(readCursor(query.cursor, ['string'])?.[0] ?? '')
    const rows = await listExecutors(db, after, query.limit + 1)
    return pageOf(rows, query.limit, (row) => [row.name], ({ registered_at, seen_at, ...row }) => ({ ...row, registeredAt: iso(registered_at), seenAt: iso(seen_at) }))
  })

  mount(app, API.revokeExecutor, async ({ params, principal }) => {
    requireSession(principal, '*')
    const revoked = await revokeExecutorAccess(db, params.executor)
    if (!revoked) missing('executor', params.executor, (await listExecutors(db, '', 1000)).map((row) => row.name), 'agenticos get executors')
    return { name: params.executor, revoked: true }
  })

  mount(app, API.listDead, async ({ params, query }) => {
    await applied.nets(params.session)
    const before = Number(readCursor(query.cursor, ['number'])?.[0] ?? 0) || null
    const rows = await listDead(db, params.session, query.net ?? null, query.transition ?? null, before, query.limit + 1)
    return pageOf(rows, query.limit, (row) => [row.id], (row) => showDead(params.session, row))
  })

  mount(app, API.listPoison, async ({ params, query }) => {
    await applied.nets(params.session)
    const before = Number(readCursor(query.cursor, ['number'])?.[0] ?? 0) || null
    const rows = await listPoison(db, params.session, before, query.limit + 1)
    return pageOf(rows, query.limit, (row) => [row.id], (row) => ({ session: params.session, id: row.id, kind: row.kind, key: row.key ?? '', error: row.error, at: iso(row.at) }))
  })

  mount(app, API.decideDead, async ({ params, body, principal, request, reply }) => {
    await applied.nets(params.session)
    if (parseTokenId(params.token) === undefined) fail('not-found', `${params.token} names no token`, 'a token id looks like 1234-0')
    const key = readKey(request.headers['idempotency-key'])
    return answerDecision(reply, await decide(context, params.session, 'dead', key, { token: params.token, verb: body.verb, by: principal.name }))
  })

  mount(app, API.cancelFiring, async ({ params, principal }) => {
    await applied.nets(params.session)
    const firing = Number(params.firing)
    const state = await cancelEffect(db, params.session, firing, `cancelled by ${principal.name}`)
    if (state === undefined) fail('not-found', `firing ${firing} of ${params.session} has no work outside`, `agenticos get effects ${params.session} lists what runs`)
    if (state === 'awaiting') fail('conflict', `firing ${firing} of ${params.session} waits for an approval`, 'close its proposal: agenticos get proposals')
    if (state !== 'leased' && state !== 'pending' && state !== 'held') fail('conflict', `firing ${firing} of ${params.session} is over`, `agenticos get firings ${params.session} tells how it ended`)
    db.notify('inbox', params.session)
    return { session: params.session, firing, state: state === 'leased' ? 'cancelling' as const : 'cancelled' as const }
  })

  mount(app, API.fire, async ({ params, principal, request, reply }) => {
    const net = await applied.net(params.session, params.net)
    if (!Object.hasOwn(net.transitions, params.transition)) {
      const prefix = `${params.session}/${params.net}/`
      missing('transition', prefix + params.transition, Object.keys(net.transitions).map((name) => prefix + name), `agenticos get transitions ${params.session}/${params.net}`)
    }
    const key = readKey(request.headers['idempotency-key'])
    return answerDecision(reply, await decide(context, params.session, 'fire', key, { net: params.net, transition: params.transition, by: principal.name }))
  })
}

function readTime(text: string): string {
  return Number.isNaN(Date.parse(text)) ? fail('bad-request', 'query cursor: it is none that this list gave', 'take the cursor from `next` of the page before') : text
}

function showDead(session: string, row: DeadRow): DeadAnswer {
  const data = row.data as Json
  const letter = isObject(data) ? data : {}
  const error = own(letter, 'error')
  const told = (key: string) => (isObject(error) ? own(error, key) : undefined)
  const attempts = told('attempts') ?? own(letter, 'attempts')
  const firing = own(letter, 'firing')
  return {
    session, id: formatTokenId(row.id), net: row.place.split('/')[0]!, transition: String(own(letter, 'transition') ?? ''),
    code: String(told('code') ?? ''), message: String(told('message') ?? ''), attempts: typeof attempts === 'number' ? attempts : 1,
    firing: typeof firing === 'number' ? firing : null, at: iso(row.created_at), data,
  }
}
