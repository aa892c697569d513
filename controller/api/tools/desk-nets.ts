import type { Net } from '../../../petri/net.js'
import { isFree } from '../../../petri/models.js'
import type { Address, NetPort, RecentFirings } from '../../../tools/desk.js'
import { listLifecycle } from '../../store/lifecycle/list.js'
import { listExecutors } from '../../store/views/executors.js'
import { listNets } from '../../store/views/nets.js'
import { countPlaces } from '../../store/views/places.js'
import { listSessions } from '../../store/views/sessions.js'
import { readSpent } from '../../store/views/spent.js'
import { countTransitions } from '../../store/views/transitions.js'
import { waitingEffects, type WaitingRow } from '../../store/views/waiting-effects.js'
import { missing } from '../applied.js'
import { conditionsOf } from '../conditions.js'
import type { Context } from '../context.js'
import { firingPage } from '../firings.js'
import { effectiveState } from '../lifecycle.js'
import { isoOrNull } from '../page.js'
import { enter, type Bound } from './bound.js'

const MOST_SESSIONS = 1_000
const RECENT = 20

/** Nets that run, as one caller may see them. */
export function netDesk(context: Context, bound: Bound): NetPort {
  const { db, applied, tools } = context
  const netsOf = async (session: string): Promise<ReadonlyMap<string, Net>> => {
    enter(bound, session)
    return await applied.nets(session)
  }
  const netOf = async (session: string, net: string): Promise<Net> => {
    enter(bound, session)
    return await applied.net(session, net)
  }
  const transitionOf = async ({ session, net, element }: Address) => {
    const { transitions } = await netOf(session, net)
    const prefix = `${session}/${net}/`
    return Object.hasOwn(transitions, element) ? transitions[element]!
      : missing('transition', prefix + element, Object.keys(transitions).map((name) => prefix + name), `GET_NET_STRUCTURE ${session}/${net}`)
  }
  return {
    nets: netsOf,
    net: netOf,
    transition: transitionOf,
    async sessions() {
      const [rows, lifecycle, spent] = [await listSessions(db, null, '', MOST_SESSIONS), await listLifecycle(db, null), await readSpent(db, null, null, null)]
      const micros = new Map(spent.map((row) => [row.session, row.micros]))
      return rows.filter((row) => bound.caller.covers(row.session)).map((row) => {
        const state = effectiveState(lifecycle, row.session)
        const ready = conditionsOf({ ...row, stalled: [], state })[0]!
        return { session: row.session, title: row.title, nets: row.nets, ready: ready.status === 'True', message: ready.message, stopped: state.state !== 'running', failed: row.failed, usd: (micros.get(row.session) ?? 0) / 1e6 }
      })
    },
    async status(session) {
      await netsOf(session)
      const [rows, lifecycle] = [await listNets(db, session, null, '', MOST_SESSIONS), await listLifecycle(db, session)]
      return rows.map((row) => {
        const state = effectiveState(lifecycle, session, row.net)
        const ready = conditionsOf({ ...row, state })[0]!
        return { net: row.net, revision: row.commit.slice(0, 12), ready: ready.status === 'True', message: ready.message, state: state.state, tokens: row.tokens, failed: row.failed }
      })
    },
    async place({ session, net, element }) {
      enter(bound, session)
      return (await applied.place(session, net, element)).place
    },
    async counts(session) {
      enter(bound, session)
      const rows = await countPlaces(db, session, null)
      return new Map(rows.map((row) => [row.address, { tokens: row.tokens, oldest: isoOrNull(row.oldest), newest: isoOrNull(row.newest) }]))
    },
    async transitionState(address) {
      await transitionOf(address)
      const { session, net, element } = address
      const [rows, counts, effects] = [await listNets(db, session, net, '', 1), await countTransitions(db, session), await waitingEffects(db, session, net, element)]
      const state = effectiveState(await listLifecycle(db, session), session, net, element)
      const row = rows[0]
      const stalled = (row?.stalled ?? []).filter((one) => one.transition === element)
      const ready = row === undefined ? undefined : conditionsOf({ ...row, stalled, state })[0]!
      const count = counts.find((one) => one.net === net && one.transition === element)
      const [spent] = await readSpent(db, session, net, element)
      return {
        state: state.state, ready: ready?.status === 'True', message: state.message || (ready?.message ?? ''), failed: count?.failed ?? 0,
        running: effects.filter((one) => one.state !== 'awaiting').length, waiting: effects.flatMap(waitingWords).slice(0, 20), recent: await recentOf(context, address), usd: (spent?.micros ?? 0) / 1e6,
      }
    },
    executors: async () => (await listExecutors(db, '', 1_000)).map(({ name, state, labels, kinds }) => ({ name, state, labels, kinds })),
    async models() {
      const { models } = await tools.settings.get()
      return Object.values(models.models).map(({ name, provider, model, price }) => ({
        name, provider, model, price: isFree(price) ? 'free' : `${price.input / 1e6} in, ${price.output / 1e6} out, USD a million tokens`,
      }))
    },
  }
}

function waitingWords(row: WaitingRow): string[] {
  if (row.state === 'awaiting') return [`firing ${row.firing} waits for a person to merge ${row.proposal > 0 ? `proposal ${row.proposal}` : 'its proposal'}`]
  if (row.state === 'blocked') return [`firing ${row.firing} is done, and waits for room in the places that it puts into`]
  if (row.state === 'held') return [`firing ${row.firing} waits: it is stopped`]
  if (row.waiting !== '') return [`firing ${row.firing} waits: ${row.waiting}`]
  if (row.state === 'pending' && !row.due) return [`firing ${row.firing} is tried again at ${row.due_at.toISOString()} (attempt ${row.attempt})`]
  if (row.state === 'pending') return [`firing ${row.firing} waits for an executor`]
  return []
}

async function recentOf({ db }: Context, { session, net, element }: Address): Promise<RecentFirings> {
  const { items } = await firingPage(db, session, null, { net, transition: element, limit: RECENT })
  const times = items.flatMap(({ durationMs }) => durationMs ?? [])
  return {
    fired: items.filter((one) => one.state === 'fired').length, failed: items.filter((one) => one.state === 'failed').length,
    going: items.filter((one) => one.state === 'started' || one.state === 'retrying').length, lastAt: items[0]?.startedAt ?? null,
    meanMs: times.length === 0 ? null : Math.round(times.reduce((sum, ms) => sum + ms, 0) / times.length),
  }
}
