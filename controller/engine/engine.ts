import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Log } from '../log.js'
import { metrics } from '../metrics.js'
import type { Database } from '../store/database.js'
import { sweepDecisions } from '../store/decisions/sweep.js'
import { sweepEffects } from '../store/effects/sweep.js'
import { countEngines } from '../store/engines/count.js'
import { renewEngine } from '../store/engines/renew.js'
import { retireEngine } from '../store/engines/retire.js'
import { waitingSessions } from '../store/sessions/waiting.js'
import { Actor } from './actor.js'
import { buryDead } from './bury.js'

export interface EngineOptions {
  readonly db: Database
  readonly log: Log
  readonly signal: AbortSignal
  readonly leaseSeconds?: number
  readonly renewMs?: number
  readonly sweepMs?: number
  readonly idleMs?: number
}

/**
 * The engine of one process: owns sessions, one actor each, under one lease.
 *
 * A. The lease is renewed by the thread that fires, and judged by the database's clock only.
 * B. A notify is a hint. After each (re)connect, and at every sweep, one indexed query finds what waits.
 * C. At a sweep a process takes no more than its fair share; the rest is left to the sweeps of the others.
 * D. A session that a live engine owns is remembered as foreign until the next sweep, so its wake-ups cost us nothing.
 *
 * Resolves when the signal is raised and every session has been given up.
 */
export async function startEngine(options: EngineOptions): Promise<{ readonly engine: string; readonly stopped: Promise<void> }> {
  const { db, log, signal } = options
  const engine = randomUUID()
  const seconds = options.leaseSeconds ?? 30
  const actors = new Map<string, Actor>()
  const runs = new Set<Promise<void>>()
  const foreign = new Set<string>()

  const renew = () => renewEngine(db, engine, hostname(), process.pid, seconds)
  const wake = (session: string): void => {
    const actor = actors.get(session)
    if (actor) return actor.poke()
    if (!foreign.has(session) && !signal.aborted) start(session)
  }
  const start = (session: string): void => {
    const actor = new Actor(session, { db, engine, log, idleMs: options.idleMs ?? 60_000, signal })
    actors.set(session, actor)
    const run = actor.run().then(
      (end) => {
        actors.delete(session)
        if (end === 'lost') foreign.add(session)
        else if (end === 'idle' && actor.poked) wake(session)
      },
      (error: unknown) => {
        actors.delete(session)
        log.error({ session, err: error }, 'a session could not be run; it is tried again at the next sweep')
      })
    runs.add(run)
    void run.finally(() => runs.delete(run))
  }
  const sweep = async (): Promise<void> => {
    foreign.clear()
    metrics.sessionsOwned.set(actors.size)
    metrics.liveTokens.set([...actors.values()].reduce((sum, actor) => sum + actor.live, 0))
    const { engines, sessions } = await countEngines(db)
    const share = engines > 1 ? Math.ceil(sessions / engines) + 1 : Infinity
    for (const session of await waitingSessions(db, 10_000)) if (actors.has(session) || actors.size < share) wake(session)
  }
  const attempt = (what: string, work: () => Promise<unknown>) => (): void => {
    work().catch((error: unknown) => log.warn({ err: error, what }, 'a round of the engine failed; it comes again'))
  }

  await buryDead(db, hostname())
  await renew()
  await db.listen(['inbox'], (_channel, sessions) => sessions.forEach(wake), attempt('sweep', sweep), signal)
  const timers = [
    setInterval(attempt('renew', renew), options.renewMs ?? 10_000),
    setInterval(attempt('sweep', sweep), options.sweepMs ?? 15_000),
    setInterval(attempt('tidy', async () => {
      await sweepDecisions(db)
      await sweepEffects(db, 5_000)
    }), 600_000),
  ]
  const stopped = new Promise<void>((resolve) => {
    const end = async (): Promise<void> => {
      for (const timer of timers) clearInterval(timer)
      for (const actor of actors.values()) actor.poke()
      await Promise.allSettled(runs)
      await retireEngine(db, engine).catch(() => {})
      resolve()
    }
    if (signal.aborted) void end()
    else signal.addEventListener('abort', () => void end(), { once: true })
  })
  return { engine, stopped }
}
