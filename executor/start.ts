import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { releaseAnswer, type LeaseRef } from '../protocol/executor.js'
import type { LeasedEffect } from '../protocol/effect.js'
import type { ExecutorOptions } from './config.js'
import { containerEngine } from './containers/container-engine.js'
import { findEngine } from './containers/find-engine.js'
import { controllerClient, Refused } from './controller-client.js'
import { drain } from './drain.js'
import { enrol } from './enrol.js'
import { doErrands } from './errands/errands.js'
import { failed } from './failed.js'
import { beat, beatOnce } from './heartbeat.js'
import { openIdentity } from './identity.js'
import { Breakers } from './kinds/breakers.js'
import { createEgress, type Resolver } from './kinds/egress.js'
import { PUT_BACK, type Bench } from './kinds/kind.js'
import { Ledger } from './ledger.js'
import { modelReach } from './llm/reach.js'
import { createLog, type Log } from './log.js'
import { poll } from './poll.js'
import { runEffect } from './run-effect.js'
import { findCage } from './runtime/cage.js'
import { Cgroups } from './runtime/cgroups.js'
import { GroupWatch } from './runtime/group-watch.js'
import { Leftovers } from './runtime/leftovers.js'
import { removeTree } from './runtime/remove-tree.js'
import { Workspaces } from './runtime/workspaces.js'
import { findSetpriv } from './runtime/wrapper.js'
import { Settler } from './settler.js'
import { Work } from './work.js'

export interface Executor {
  readonly name: string
  /** resolves when it has drained after the signal; rejects when the controller refuses it for good */
  readonly stopped: Promise<void>
}

interface Extras {
  readonly log?: Log
  readonly resolver?: Resolver
  readonly waitMs?: number
  readonly shortMs?: number
}

/** Registers and works until the signal, then drains. Resolves when registered; rejects when the controller refuses it. */
export async function startExecutor(options: ExecutorOptions, signal: AbortSignal, extras: Extras = {}): Promise<Executor> {
  const log = (extras.log ?? createLog(options.log)).child({ executor: options.name })
  const identity = openIdentity(options.data)
  const jails = join(options.data, 'work')
  const cgroups = await Cgroups.find(identity.mark)
  const leftovers = new Leftovers(join(options.data, 'running'), identity.mark)
  const killed = await leftovers.killAll()
  if (killed > 0) log.warn({ processes: killed }, 'what an executor killed before had left running was ended')
  await removeTree(jails)
  mkdirSync(jails, { recursive: true, mode: 0o700 })
  const workspaces = new Workspaces(join(options.data, 'workspaces'))
  const cage = options.cage === 'off' ? undefined : findCage()
  if (cage === undefined && options.cage === 'required') throw new Error('this machine lets no cage be built (user namespaces); see docs/executors.md, or set AGENTICOS_EXECUTOR_CAGE=auto')
  const egress = createEgress(options.egress, extras.resolver)
  const models = modelReach(options, extras.resolver)
  const client = controllerClient(options.url, '')
  const ledger = new Ledger(client, log)
  const bench: Bench = {
    options, jails, workspaces, cage, egress, models, client, ledger, breakers: new Breakers(), supervision: { leftovers, watch: new GroupWatch(), setpriv: findSetpriv(), cgroups },
  }
  const engine = options.images.length > 0 ? findEngine(options.path) : undefined
  const containers = engine === undefined ? undefined : containerEngine({ ...options, file: engine, owner: options.name })
  const more = containers === undefined ? [] : ['container']
  const registered = await enrol(client, identity, options, true, log, signal, more)
  if (registered === undefined) {
    await client.close()
    return { name: options.name, stopped: Promise.resolve() }
  }
  log.info({ labels: options.labels, capacity: options.capacity, cage: cage !== undefined, cgroups: cgroups !== undefined }, 'registered')

  const work = new Work(options.capacity)
  const settler = new Settler(client, work, log)
  const start = (effect: LeasedEffect, sentAt: number): void => void run(effect, sentAt)
  const run = async (effect: LeasedEffect, sentAt: number): Promise<void> => {
    const piece = work.begin(effect, sentAt)
    const outcome = await runEffect(effect, bench, piece.controller.signal)
    piece.done = true
    const { session, firing, attempt } = piece.ref
    const durationMs = Math.round(performance.now() - piece.startedAt)
    log.debug({ session, firing, attempt, durationMs, status: outcome === PUT_BACK ? outcome : outcome.status }, 'an effect ended')
    if (piece.controller.signal.reason === 'lost' || outcome === PUT_BACK) work.end(piece.ref)
    else settler.add(piece.ref, outcome, durationMs)
  }
  const misfit = (ref: LeaseRef, message: string): void => settler.add(ref, failed('bad-effect', `this executor does not understand the effect: ${message}`), 0)

  const ended = new AbortController()
  const leasing = new AbortController()
  const polling = { client, work, log, start, misfit, waitMs: extras.waitMs ?? 28_000, shortMs: extras.shortMs ?? 2000 }
  const pulse = { client, work, log, everyMs: registered.heartbeatMs, draining: () => leasing.signal.aborted }
  const polled = poll(polling, leasing.signal)
  const refused = Promise.all([polled, beat(pulse, ended.signal)])
  refused.catch(() => {})
  const errands = doErrands({ client, bench, containers, log, waitMs: polling.waitMs, graceMs: options.graceMs }, leasing.signal)
  void containers?.keep(ended.signal)
  void tend(workspaces, registered.renewMs, () => enrol(client, identity, options, false, log, ended.signal, more), ended.signal)

  const stopped = (async () => {
    try {
      await Promise.race([aborted(signal), refused])
      leasing.abort()
      log.info({ running: work.pieces.length }, 'draining')
      // Said at once, so that nobody counts on it while it drains.
      const goodbye = async (): Promise<void> => {
        await client.post('/v1/executors/release', { leases: [], polls: await polled }, releaseAnswer, registered.heartbeatMs, ended.signal)
        await beatOnce(pulse, ended.signal)
      }
      await Promise.all([goodbye().catch(() => {}), drain(work, settler, ledger, options.graceMs), errands])
      await leftovers.settled()
    } catch (error) {
      for (const piece of work.pieces) piece.controller.abort('lost')
      if (error instanceof Refused) log.error({ err: error, remedy: error.remedy }, 'the controller refuses this executor')
      throw error
    } finally {
      leasing.abort()
      ended.abort()
      await Promise.all([client.close(), egress.dispatcher.destroy(), models.egress.dispatcher.destroy()])
    }
  })()
  stopped.catch(() => {})
  return { name: options.name, stopped }
}

async function tend(workspaces: Workspaces, renewMs: number, renew: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  let renewAt = performance.now() + renewMs
  while (!signal.aborted) {
    await workspaces.clean(Date.now())
    if (performance.now() >= renewAt) {
      await renew().catch(() => {})
      renewAt = performance.now() + renewMs
    }
    await sleep(Math.min(3_600_000, renewMs), undefined, { signal, ref: false }).catch(() => {})
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
