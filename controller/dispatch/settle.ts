import { createHash } from 'node:crypto'
import { admit } from '../../petri/canonical.js'
import type { LeaseRef } from '../../protocol/executor.js'
import { fail } from '../errors.js'
import { settle as settleRows, type Settled, type Settlement } from '../store/effects/settle.js'
import { metrics } from '../metrics.js'
import type { Dispatch } from './dispatch.js'

/** An outcome as it came; its shape is checked, its JSON is not yet. */
export interface Given extends LeaseRef {
  readonly outcome: object
  readonly durationMs?: number | undefined
}

const MAX_OUTCOME = 8 * 1024 * 1024

/** Settles a batch of outcomes, each judged by itself, and wakes the sessions' owners. */
export async function settle(dispatch: Dispatch, executor: string, outcomes: readonly Given[]): Promise<Settled[]> {
  const settlements = outcomes.map((given) => settlement(executor, given))
  const verdicts: Settled[] = []
  for (const round of rounds(settlements)) verdicts.push(...(await settleRows(dispatch.db, executor, round)))
  const sessions = new Set(verdicts.filter((row) => row.verdict === 'settled').map((row) => row.session))
  for (const session of sessions) dispatch.db.notify('inbox', session)
  measure(verdicts, outcomes)
  return verdicts
}

function measure(verdicts: readonly Settled[], outcomes: readonly Given[]): void {
  const failed = new Set(outcomes.filter(({ outcome }) => 'status' in outcome && outcome.status === 'failed').map(({ session, firing }) => `${session} ${firing}`))
  for (const { verdict, session, firing, kind, seconds } of verdicts) {
    if (verdict !== 'settled' || kind === null) continue
    metrics.effectsSettled.inc({ kind, outcome: failed.has(`${session} ${firing}`) ? 'failed' : 'done' })
    if (seconds !== null) metrics.effectSeconds.observe({ kind }, seconds)
  }
}

function settlement(executor: string, given: Given): Settlement {
  const { session, firing, attempt, lease, outcome, durationMs } = given
  const admitted = admit(outcome, MAX_OUTCOME)
  if (!admitted.ok) fail('bad-request', `the outcome of firing ${firing} of ${session}: ${admitted.message}`, admitted.remedy)
  const duration = durationMs === undefined ? '' : `"durationMs":${durationMs},`
  const body = `{"attempt":${attempt},${duration}"executor":${JSON.stringify(executor)},"firing":${firing},"outcome":${admitted.text}}`
  const hash = createHash('sha256').update(admitted.text).digest('hex')
  return { session, firing, attempt, lease, hash, body, lost: 'code' in outcome && outcome.code === 'workspace-lost' }
}

/** A firing that comes twice in a batch is judged twice, one after the other. */
function rounds(settlements: readonly Settlement[]): Settlement[][] {
  const rounds: Settlement[][] = []
  const times = new Map<string, number>()
  for (const one of settlements) {
    const key = `${one.session} ${one.firing}`
    const time = times.get(key) ?? 0
    times.set(key, time + 1)
    ;(rounds[time] ??= []).push(one)
  }
  return rounds
}
