import type { FastifyInstance } from 'fastify'
import { API } from '../../../protocol/api.js'
import type { Condition } from '../../../protocol/api/route.js'
import type { StatusAnswer } from '../../../protocol/api/change.js'
import { readOrphans } from '../../store/tokens/orphans.js'
import { requestReconcile } from '../../store/views/request-reconcile.js'
import { listRevisions } from '../../store/views/revisions.js'
import { readStatus } from '../../store/views/status.js'
import type { Context } from '../context.js'
import { mount } from '../mount.js'
import { iso, isoOrNull, pageOf, readCursor } from '../page.js'
import { maySee, requireSession, type Principal } from '../principal.js'

/** How everything is, and what was applied when. */
export function statusRoutes(app: FastifyInstance, { db, forge, version }: Context): void {
  mount(app, API.status, async ({ principal }): Promise<StatusAnswer> => {
    const [row, proposals, orphans] = [await readStatus(db), await forge.proposals.list(), await readOrphans(db)]
    const conditions = row.conditions as unknown as Condition[]
    return {
      version,
      ready: conditions.find((one) => one.type === 'Ready')?.status === 'True',
      repository: {
        attempted: row.attempted, applied: row.applied, suspended: row.suspended, conditions,
        findings: (row.findings as unknown as StatusAnswer['repository']['findings']).filter((one) => seesFile(principal, one.file)),
      },
      sessions: row.sessions, nets: row.nets, tokens: row.tokens, inbox: row.inbox, failed: row.failed,
      effects: { pending: row.pending, held: row.held, leased: row.leased, blocked: row.blocked, waiting: row.waiting },
      executors: { ready: row.ready, draining: row.draining, gone: row.gone },
      engines: row.engines, stopped: row.stopped.filter((name) => name === '*' || maySee(principal, name.split('/')[0]!)),
      orphans: orphans.filter(({ session }) => maySee(principal, session)).map(({ session, place, tokens }) => ({ place: `${session}/${place}`, tokens })), proposals: proposals.filter((one) => one.state === 'open').length,
    }
  })

  mount(app, API.listRevisions, async ({ query }) => {
    const before = Number(readCursor(query.cursor, ['number'])?.[0] ?? 0) || null
    const rows = await listRevisions(db, before, query.limit + 1)
    return pageOf(rows, query.limit, (row) => [row.sequence], (row) => ({
      commit: row.commit, subject: row.subject, author: row.author, state: row.state, reason: row.reason, current: row.current,
      errors: row.errors, warnings: row.warnings, committedAt: isoOrNull(row.committed_at), attemptedAt: iso(row.attempted_at), appliedAt: isoOrNull(row.applied_at),
    }))
  })

  mount(app, API.reconcile, async ({ body, principal }) => {
    requireSession(principal, '*')
    const suspended = await requestReconcile(db, body.suspend ?? null)
    db.notify('revision', 'requested')
    return { suspended }
  })
}

/** A finding in a net file is told to whom its session is open; one in any other file to all. */
function seesFile(principal: Principal, file: string): boolean {
  const session = /^nets\/([^/]+)\//.exec(file)?.[1]
  return session === undefined || maySee(principal, session)
}
