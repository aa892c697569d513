import type { Log } from '../log.js'
import { metrics } from '../metrics.js'
import type { Database } from '../store/database.js'
import { currentGenerations } from '../store/generations/current.js'
import { readRepository } from '../store/repository/read.js'
import { finishRepository } from '../store/repository/finish.js'
import { attemptRevision } from '../store/revisions/attempt.js'
import { endRevision } from '../store/revisions/end.js'
import { revisionSequence } from '../store/revisions/sequence.js'
import { MOST_FINDINGS } from './apply.js'
import type { Attempt, Verified } from './check.js'
import { conditions, type State } from './conditions.js'
import type { Planned } from './plan.js'

/** What a pass came to. */
export interface Outcome {
  readonly verified: Verified
  readonly planned: Planned
  readonly ms: number
}

/** Writes what came of a pass: refused commits, conditions, log, metrics. The sessions that have not adopted yet. */
export async function finish(db: Database, log: Log, { verified, planned, ms }: Outcome, told: Set<string>): Promise<readonly string[]> {
  const { main, attempts, targets } = verified
  for (const attempt of attempts) if (!attempt.ok) await refuse(db, log, attempt, told)
  const fresh = planned.generations.length > 0
  if (fresh) log.info({ commit: main.info.commit, sessions: planned.generations.map(({ session }) => session), ms: Math.round(ms) }, 'Revision applied')
  if (planned.drifted.length > 0) log.warn({ drifted: planned.drifted }, 'Design tables differed from git and were made equal again')
  metrics.reconciles.inc({ result: fresh ? 'applied' : main.ok ? 'unchanged' : 'refused' })
  metrics.reconcileSeconds.observe(ms / 1000)
  metrics.netsApplied.set([...targets.values()].reduce((sum, { nets }) => sum + nets.size, 0))

  const now = await currentGenerations(db)
  const waiting = now.filter((one) => one.adopted < one.generation).map((one) => one.session)
  const ill = now.filter((one) => one.condition !== null).map((one) => `${one.session}: ${one.condition?.message ?? one.condition?.reason ?? 'reports a fault'}`)
  await write(db, main.info.commit, main.ok
    ? { phase: 'applied', commit: main.info.commit, waiting, ill, drifted: planned.drifted }
    : { phase: 'refused', commit: main.info.commit, message: firstError(main), applied: (await readRepository(db)).applied })
  return waiting
}

/** Writes that a pass failed; what stands goes on. */
export async function finishFailed(db: Database, state: Extract<State, { phase: 'failed' }>): Promise<void> {
  metrics.reconciles.inc({ result: 'failed' })
  await write(db, (await readRepository(db)).attempted, state)
}

async function write(db: Database, attempted: string, state: State): Promise<void> {
  const { conditions: before } = await readRepository(db)
  await finishRepository(db, attempted, conditions(state, await revisionSequence(db, attempted), before, new Date().toISOString()))
}

async function refuse(db: Database, log: Log, { info, findings, scratch }: Attempt, told: Set<string>): Promise<void> {
  const key = `refused ${info.commit}`
  if (told.has(key)) return
  const errors = findings.filter((one) => one.level === 'error').length
  await attemptRevision(db, info)
  await endRevision(db, info.commit, 'refused', `${errors} ${errors === 1 ? 'error' : 'errors'}`, findings.slice(0, MOST_FINDINGS))
  log.warn({ commit: info.commit, scratch, errors, first: findings[0] }, 'Revision refused')
  told.add(key)
}

function firstError({ findings }: Attempt): string {
  const errors = findings.filter((one) => one.level === 'error')
  const first = errors[0]!
  return `${first.file}:${first.line}: ${first.message.replace(/\.$/, '')}${errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''}`
}
