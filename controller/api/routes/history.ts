import type { FastifyInstance } from 'fastify'
import { API } from '../../../protocol/api.js'
import { fail } from '../../errors.js'
import { sessionNames } from '../../store/sessions/names.js'
import type { Context } from '../context.js'
import { budgetsOf } from '../budgets.js'
import { costBy } from '../cost.js'
import { foldCosts } from '../cost-fold.js'
import { eventsAfter, eventsBefore, type Listed } from '../event-list.js'
import { firingPage } from '../firings.js'
import { mount } from '../mount.js'
import { readCursor, writeCursor } from '../page.js'
import { maySee, requireSession } from '../principal.js'
import { replay } from '../replay.js'
import { showMarking } from '../show-marking.js'
import { streamEvents } from '../stream.js'
import { verify } from '../verify.js'

/** What happened: events, firings, the marking at any point, the proof, the money. All are folds of the log. */
export function historyRoutes(app: FastifyInstance, { db, forge, hub, applied }: Context): void {
  const costs = foldCosts(db)

  mount(app, API.listEvents, async ({ params, query }) => {
    await applied.nets(params.session)
    const cursor = Number(readCursor(query.cursor, ['number'])?.[0] ?? -1)
    const newest = query.newest === 'true'
    if (newest && query.after !== undefined) fail('bad-request', 'query after: it goes with oldest first only', 'leave out newest or after')
    const listed: Listed = newest
      ? await eventsBefore(db, params.session, cursor < 0 ? null : cursor, query, query.limit)
      : await eventsAfter(db, params.session, cursor < 0 ? (query.after ?? 0) : cursor, query, query.limit)
    return { items: listed.events, ...(listed.reached === undefined ? {} : { next: writeCursor([listed.reached]) }) }
  })

  mount(app, API.streamEvents, async ({ params, query, request, reply }) => {
    await applied.nets(params.session)
    const last = request.headers['last-event-id']
    if (last !== undefined && !/^\d{1,12}$/.test(String(last))) fail('bad-request', 'header Last-Event-ID: an event number', 'send the id of the last event you had, or leave it out')
    const after = last === undefined ? query.after : Number(last)
    return streamEvents(reply, db, hub, params.session, after, query, query.progress)
  })

  mount(app, API.listFirings, async ({ params, query }) => {
    await applied.nets(params.session)
    const before = readCursor(query.cursor, ['number'])?.[0]
    return firingPage(db, params.session, before === undefined ? null : Number(before), query)
  })

  mount(app, API.replay, async ({ params, query }) => {
    await applied.nets(params.session)
    return showMarking(params.session, await replay(db, params.session, query.at), query.net, query.tokens)
  })

  mount(app, API.verify, async ({ params }) => {
    await applied.nets(params.session)
    return verify(db, params.session, await forge.audit.last(params.session))
  })

  mount(app, API.cost, async ({ query, principal }) => {
    if (query.session !== undefined) {
      requireSession(principal, query.session)
      await applied.nets(query.session)
    }
    const sessions = query.session === undefined ? (await sessionNames(db)).filter((name) => maySee(principal, name)) : [query.session]
    if (query.session === undefined && (query.by === 'firing' || query.by === 'call')) {
      fail('bad-request', `query by: ${query.by} needs the session`, `add session=NAME: agenticos cost SESSION --by ${query.by}`)
    }
    return costBy(db, costs, sessions, query)
  })

  mount(app, API.listBudgets, async ({ query, principal }) => {
    if (query.session !== undefined) {
      requireSession(principal, query.session)
      await applied.nets(query.session)
    }
    const sessions = query.session === undefined ? (await sessionNames(db)).filter((name) => maySee(principal, name)) : [query.session]
    return { items: await budgetsOf(db, sessions, new Date()) }
  })
}
