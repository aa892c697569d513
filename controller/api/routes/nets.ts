import type { FastifyInstance } from 'fastify'
import type { Net } from '../../../petri/net.js'
import { API } from '../../../protocol/api.js'
import type { NetAnswer, SessionAnswer, TransitionAnswer } from '../../../protocol/api/nets.js'
import type { Problem } from '../../../protocol/problem.js'
import { listLifecycle, type LifecycleRow } from '../../store/lifecycle/list.js'
import { sessionNames } from '../../store/sessions/names.js'
import { listNets, type NetRow } from '../../store/views/nets.js'
import { listSessions, type SessionRow } from '../../store/views/sessions.js'
import { countTransitions } from '../../store/views/transitions.js'
import { missing } from '../applied.js'
import { conditionsOf } from '../conditions.js'
import type { Context } from '../context.js'
import { effectiveState } from '../lifecycle.js'
import { mount } from '../mount.js'
import { iso, isoOrNull, pageOf, readCursor } from '../page.js'
import { maySee, requireSession } from '../principal.js'

/** Sessions, nets and transitions as they are applied and as they are. */
export function netRoutes(app: FastifyInstance, { db, applied }: Context): void {
  mount(app, API.listSessions, async ({ query, principal }) => {
    const after = String(readCursor(query.cursor, ['string'])?.[0] ?? '')
    const rows = await listSessions(db, null, after, query.limit + 1)
    const lifecycle = await listLifecycle(db, null)
    const page = pageOf(rows, query.limit, (row) => [row.session], (row) => showSession(row, lifecycle))
    return { ...page, items: page.items.filter((item) => maySee(principal, item.name)) }
  })

  mount(app, API.getSession, async ({ params }) => {
    const rows = await listSessions(db, params.session, '', 1)
    if (!rows[0]) return missing('session', params.session, await sessionNames(db), 'agenticos get sessions')
    return showSession(rows[0], await listLifecycle(db, params.session))
  })

  mount(app, API.listNets, async ({ query, principal }) => {
    if (query.session !== undefined) {
      requireSession(principal, query.session)
      await applied.nets(query.session)
    }
    const after = String(readCursor(query.cursor, ['string'])?.[0] ?? '')
    const rows = await listNets(db, query.session ?? null, null, after, query.limit + 1)
    const lifecycle = await listLifecycle(db, query.session ?? null)
    const page = pageOf(rows, query.limit, (row) => [`${row.session}/${row.net}`], (row) => showNet(row, lifecycle))
    return { ...page, items: page.items.filter((item) => maySee(principal, item.session)) }
  })

  mount(app, API.getNet, async ({ params }) => {
    const definition = await applied.net(params.session, params.net)
    const [row] = await listNets(db, params.session, params.net, '', 1)
    if (!row) return missing('net', `${params.session}/${params.net}`, [], `agenticos get nets ${params.session}`)
    return {
      ...showNet(row, await listLifecycle(db, params.session)),
      definition: definition as never,
      findings: row.findings as unknown as NonNullable<Problem['findings']>,
    }
  })

  mount(app, API.listTransitions, async ({ params, query }) => {
    const nets = await chosen(await applied.nets(params.session), query.net, () => applied.net(params.session, query.net!))
    const [counts, lifecycle] = [await countTransitions(db, params.session), await listLifecycle(db, params.session)]
    const after = String(readCursor(query.cursor, ['string'])?.[0] ?? '')
    const all: TransitionAnswer[] = nets.flatMap((net) => Object.values(net.transitions).map((transition) => {
      const count = counts.find((row) => row.net === net.name && row.transition === transition.name)
      const state = effectiveState(lifecycle, params.session, net.name, transition.name)
      const stalled = net.stalled.find((reason) => reason.transition === transition.name)
      return {
        session: params.session, net: net.name, name: transition.name, kind: transition.kind, title: transition.title ?? '',
        state: state.state, ready: !stalled, message: stalled?.message ?? state.message,
        inputs: transition.inputs.map((arc) => arc.from), outputs: transition.outputs.map((arc) => arc.to),
        effects: count?.effects ?? 0, concurrency: transition.concurrency, failed: count?.failed ?? 0, retrying: count?.retrying ?? 0,
      }
    }))
    const key = (item: TransitionAnswer) => `${item.net}/${item.name}`
    const rest = all.filter((item) => key(item) > after).sort((a, b) => (key(a) < key(b) ? -1 : 1))
    return pageOf(rest.slice(0, query.limit + 1), query.limit, (item) => [key(item)], (item) => item)
  })
}

/** The nets asked for: one, which must be there, or all. */
export async function chosen(nets: ReadonlyMap<string, Net>, name: string | undefined, one: () => Promise<Net>): Promise<Net[]> {
  return name === undefined ? [...nets.values()] : [nets.get(name) ?? await one()]
}

function showSession(row: SessionRow, lifecycle: readonly LifecycleRow[]): SessionAnswer {
  const state = effectiveState(lifecycle, row.session)
  const conditions = conditionsOf({ ...row, stalled: [], state })
  return {
    name: row.session, title: row.title, state: state.state, ready: conditions[0]!.status === 'True', message: conditions[0]!.message, conditions,
    nets: row.nets, tokens: row.tokens, inbox: row.inbox, effects: row.effects, failed: row.failed,
    generation: row.generation, adopted: row.adopted, commit: row.commit, seq: row.seq, head: row.head,
    lastEventAt: row.at.getTime() <= 0 ? null : iso(row.at), createdAt: isoOrNull(row.created_at),
  }
}

function showNet(row: NetRow, lifecycle: readonly LifecycleRow[]): NetAnswer {
  const state = effectiveState(lifecycle, row.session, row.net)
  const conditions = conditionsOf({ ...row, state })
  return {
    session: row.session, name: row.net, title: row.title, state: state.state,
    ready: conditions[0]!.status === 'True', message: conditions[0]!.message, conditions,
    places: row.places, transitions: row.transitions, tokens: row.tokens, effects: row.effects, failed: row.failed,
    path: row.path, blob: row.blob, identity: row.identity, commit: row.commit, generation: row.generation, createdAt: iso(row.created_at),
  }
}
