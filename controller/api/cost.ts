import type { z } from 'zod'
import type { costAnswer } from '../../protocol/api/history.js'
import type { Queryable } from '../store/database.js'
import { spentByTransition } from '../store/events/spent.js'

interface Asked {
  readonly session?: string | undefined
  readonly net?: string | undefined
  readonly since?: string | undefined
}

/** Money by transition, the dearest first. */
export async function costs(db: Queryable, asked: Asked, visible: (session: string) => boolean): Promise<z.infer<typeof costAnswer>> {
  const rows = await spentByTransition(db, asked.session ?? null, asked.since ?? null)
  const items = rows.flatMap((row) => {
    const slash = row.transition.indexOf('/')
    const [net, transition] = slash < 0 ? ['', row.transition] : [row.transition.slice(0, slash), row.transition.slice(slash + 1)]
    if (!visible(row.session) || (asked.net !== undefined && asked.net !== net)) return []
    return [{ session: row.session, net, transition, firings: row.firings, failed: row.failed, usd: row.usd }]
  })
  // decimal dollars: six places are what money has here
  const usd = Math.round(items.reduce((sum, item) => sum + item.usd, 0) * 1e6) / 1e6
  return { since: asked.since ?? null, usd, items }
}
