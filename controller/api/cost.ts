import type { CostAnswer, CostBy, CostRow } from '../../protocol/api/history.js'
import type { Queryable } from '../store/database.js'
import { spendBy, type SpendRow } from '../store/spend/by.js'
import { foldCosts, type Spent } from './cost-fold.js'

interface Asked {
  readonly net?: string | undefined
  readonly since?: string | undefined
  readonly by: CostBy
}

/** Folds of whole logs that are kept from one question to the next. */
export type Costs = ReturnType<typeof foldCosts>

const MOST = 1_000

/**
 * Money told by one thing, the dearest first. Transitions, firings and calls are folded from the log, as far as it is kept;
 * sessions, nets, models and days come from what is added up by day, so `since` means its whole day there.
 */
export async function costBy(db: Queryable, costs: Costs, sessions: readonly string[], { net, since, by }: Asked): Promise<CostAnswer> {
  const items: CostRow[] = []
  if (by === 'transition' || by === 'firing' || by === 'call') {
    for (const session of sessions) {
      for (const row of await costs.of(session, since, by)) if (net === undefined || net === row.net) items.push(folded(session, row))
    }
    items.sort((a, b) => b.micros - a.micros || (nameOf(a) < nameOf(b) ? -1 : 1))
  } else items.push(...(await spendBy(db, by, sessions, net ?? null, since ?? null)).map(added))
  const micros = items.reduce((sum, item) => sum + item.micros, 0)
  return { since: since ?? null, by, micros, usd: micros / 1e6, items: by === 'firing' || by === 'call' ? items.slice(0, MOST) : items }
}

function folded(session: string, { net, transition, firing, call, model, firings, failed, calls, tokens, micros }: Spent): CostRow {
  return {
    session, net, transition, ...(firing === undefined ? { firings, failed } : { firing }), ...(call === undefined ? {} : { call, model: model ?? '' }),
    calls, tokens, micros, usd: micros / 1e6,
  }
}

function added({ session, net, model, day, calls, input, cached, output, micros }: SpendRow): CostRow {
  return {
    ...(session === null ? {} : { session }), ...(net === null ? {} : { net }), ...(model === null ? {} : { model }), ...(day === null ? {} : { day }),
    calls, tokens: { input, cached, output }, micros, usd: micros / 1e6,
  }
}

function nameOf({ session, net, transition, firing, call }: CostRow): string {
  return `${session}/${net}/${transition} ${String(firing ?? 0).padStart(15)} ${String(call ?? 0).padStart(7)}`
}
