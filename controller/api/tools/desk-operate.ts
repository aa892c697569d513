import type { Json } from '../../../petri/json.js'
import type { EventAnswer } from '../../../protocol/api/history.js'
import type { Address, ListedToken, OperatePort } from '../../../tools/desk.js'
import { Refusal } from '../../../tools/tool.js'
import { fail } from '../../errors.js'
import { listLifecycle, type LifecycleRow } from '../../store/lifecycle/list.js'
import { eventBounds } from '../../store/events/bounds.js'
import { changeLifecycle } from '../change-lifecycle.js'
import type { Context } from '../context.js'
import { decide } from '../decide.js'
import { eventsAfter } from '../event-list.js'
import { enter, type Bound } from './bound.js'

const LOOK = 2_000
const BEGINS = ['transition.fired', 'transition.started', 'transition.failed']
const ENDS: Readonly<Record<string, string>> = { 'transition.fired': 'fired', 'effect.settled': 'fired', 'transition.failed': 'failed', 'transition.withdrawn': 'withdrawn' }

type Fired = Awaited<ReturnType<OperatePort['fire']>>

/** Operating what was merged, as one caller may. */
export function operateDesk(context: Context, bound: Bound): OperatePort {
  const { db, hub } = context
  const { caller, key, signal } = bound
  const decided = async (session: string, kind: 'fire' | 'dead', body: object): Promise<void> => {
    const decision = await decide(context, session, kind, key, body)
    if (decision.state === 'waiting') fail('conflict', `session ${session} has not decided about this in 5 s; it is in its inbox and will be`, 'agenticos status shows whether the session gets on')
    const verdict = decision.verdicts[0] ?? { status: decision.status }
    if (verdict.status >= 400) throw new Refusal(verdict.code ?? 'conflict', verdict.message ?? 'the session refused it', verdict.remedy ?? 'DIAGNOSE_TRANSITION tells why')
  }

  return {
    async lifecycle(session, net, transition, state, reason) {
      enter(bound, session)
      if (caller.firing?.session === session && state === 'stopped') requireOthers(net, transition)
      const [stop] = await stopsOfPeople(session, net, transition, true)
      // a stop of a person stays one: neither lifted by an agent, nor made its own
      if (stop !== undefined && state === 'stopped') return { state, leased: [] }
      if (stop !== undefined) throw personStopped(stop)
      const { leased } = await changeLifecycle(context, { session, net, transition, state, by: caller.name, reason, now: false, shift: false })
      return { state, leased: leased.map((row) => row.firing) }
    },
    async fire(address, waitMs) {
      const { session, net, element } = address
      enter(bound, session)
      const [stop] = await stopsOfPeople(session, net, element, false)
      if (stop !== undefined) throw personStopped(stop)
      const before = (await eventBounds(db, session)).seq
      await decided(session, 'fire', { net, transition: element, by: caller.name })
      return await outcomeOf(address, before, Date.now() + waitMs)
    },
    async retry(session, token) {
      enter(bound, session)
      await decided(session, 'dead', { token, verb: 'retry', by: caller.name })
    },
  }

  /** Stops of people that an agent has to leave: those of exactly this, or all that stand over it. Others are nobody's to keep from. */
  async function stopsOfPeople(session: string, net: string, transition: string, exactly: boolean): Promise<readonly LifecycleRow[]> {
    if (!caller.agent) return []
    const over = (own: string, wanted: string) => own === wanted || (!exactly && own === '')
    return (await listLifecycle(db, session)).filter((row) =>
      row.state !== 'running' && !row.by.startsWith('agent ') && (row.session === session || (!exactly && row.session === '*')) && over(row.net, net) && over(row.transition, transition))
  }

  /** An agent that stopped itself could not start itself again. */
  function requireOthers(net: string, transition: string): void {
    const own = caller.firing!
    if ((net === '' || net === own.net) && (transition === '' || transition === own.transition)) {
      throw new Refusal('bad-parameters', 'that would stop this very agent', 'stop other transitions, or end with FAIL')
    }
  }

  /** The first firing of the transition after the order, to its end or as long as there is patience. */
  async function outcomeOf({ session, net, element }: Address, before: number, until: number): Promise<Fired> {
    let at = before
    let firing: number | undefined
    const produced: ListedToken[] = []
    for (;;) {
      const left = until - Date.now()
      const news = left > 0 ? hub.news('events', session, Math.min(left, LOOK), signal) : undefined
      const { events, reached } = await eventsAfter(db, session, at, { net, transition: element }, 200)
      for (const event of events) {
        at = event.n
        if (firing === undefined && BEGINS.includes(event.type)) firing = numberOf(event)
        if (firing === undefined || numberOf(event) !== firing) continue
        produced.push(...producedBy(event, `${net}/${element}`))
        const state = ENDS[event.type]
        if (state !== undefined) return { firing, state, produced, error: errorOf(event) }
      }
      at = Math.max(at, reached ?? 0)
      if (news === undefined || signal.aborted) return { firing: firing ?? null, state: 'started', produced, error: '' }
      await news
    }
  }
}

function personStopped({ session, net, transition, by, reason }: LifecycleRow): Refusal {
  const what = [session === '*' ? 'everything' : session, net, transition].filter((part) => part !== '').join('/')
  return new Refusal('stopped-by-person', `${by} stopped ${what}${reason === '' ? '' : `: ${reason}`}; agents leave that as it is`, 'ask a person to start it: agenticos start')
}

function numberOf(event: EventAnswer): number {
  return typeof event['firing'] === 'number' ? event['firing'] : event.n
}

function errorOf(event: EventAnswer): string {
  const error = event['error']
  if (typeof error === 'string') return error
  if (typeof error !== 'object' || error === null) return ''
  const { code = '', message = '' } = error as { code?: string; message?: string }
  return [code, message].filter((part) => part !== '').join(': ')
}

function producedBy(event: EventAnswer, by: string): ListedToken[] {
  const produced = Array.isArray(event['produced']) ? (event['produced'] as { id?: string; place: string; data: Json; correlation?: string }[]) : []
  return produced.map(({ id = '', place, data, correlation }) => ({ id, place, data, createdAt: event.at, producedBy: by, correlationId: correlation ?? String(event['correlation'] ?? ''), state: 'free' }))
}
