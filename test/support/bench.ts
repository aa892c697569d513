import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { afterAll } from 'vitest'
import { readConfig } from '../../executor/config.js'
import { controllerClient } from '../../executor/controller-client.js'
import { Breakers } from '../../executor/kinds/breakers.js'
import { createEgress, type Resolver } from '../../executor/kinds/egress.js'
import { PUT_BACK, type Bench } from '../../executor/kinds/kind.js'
import { Ledger } from '../../executor/ledger.js'
import { createLog } from '../../executor/log.js'
import { modelReach } from '../../executor/llm/reach.js'
import { runEffect } from '../../executor/run-effect.js'
import { GroupWatch } from '../../executor/runtime/group-watch.js'
import { Cgroups } from '../../executor/runtime/cgroups.js'
import { findCage } from '../../executor/runtime/cage.js'
import { Leftovers } from '../../executor/runtime/leftovers.js'
import { markedProcesses } from '../../executor/runtime/processes.js'
import { Workspaces } from '../../executor/runtime/workspaces.js'
import { findSetpriv } from '../../executor/runtime/wrapper.js'
import type { EffectRequest, LeasedEffect, Outcome } from '../../protocol/effect.js'

export interface TestBench {
  readonly bench: Bench
  readonly data: string
  /** a folder that AGENTICOS_EXECUTOR_ROOTS names */
  readonly root: string
  /** whether the kernel counts processes here */
  readonly bounded: boolean
  /** what runs of its commands after they ended */
  left(): Promise<number[]>
  run(request: EffectRequest, more?: Partial<LeasedEffect>, signal?: AbortSignal): Promise<Outcome>
}

/** An executor's inside without a controller: one effect at a time, in a folder of its own. */
export async function testBench(settings: Readonly<Record<string, string>> = {}, resolver?: Resolver): Promise<TestBench> {
  const data = mkdtempSync(join(tmpdir(), 'agenticos-bench-'))
  const root = join(data, 'root')
  const jails = join(data, 'work')
  for (const folder of [root, jails]) mkdirSync(folder)
  const options = readConfig({
    AGENTICOS_URL: 'http://127.0.0.1:1', AGENTICOS_EXECUTOR_DATA: data, AGENTICOS_EXECUTOR_ROOTS: root, PATH: process.env['PATH'], ...settings,
  })
  const egress = createEgress(options.egress, resolver)
  const models = modelReach(options, resolver)
  const mark = randomUUID()
  const cgroups = await Cgroups.find(mark)
  const leftovers = new Leftovers(join(data, 'running'), mark)
  const supervision = { leftovers, watch: new GroupWatch(), setpriv: findSetpriv(), cgroups }
  const client = controllerClient(options.url, '')
  const ledger = new Ledger(client, createLog('silent'))
  const bench: Bench = { options, client, ledger, jails, workspaces: new Workspaces(join(data, 'workspaces')), egress, models, cage: options.cage === 'off' ? undefined : findCage(), breakers: new Breakers(), supervision }
  afterAll(async () => {
    await leftovers.settled()
    await Promise.all([client.close(), egress.dispatcher.destroy(), models.egress.dispatcher.destroy()])
    rmSync(data, { recursive: true, force: true })
  })
  let firing = 0
  return {
    bench, data, root, bounded: cgroups !== undefined,
    async left() {
      await leftovers.settled()
      return markedProcesses([mark])
    },
    async run(request, more = {}, signal = new AbortController().signal) {
      firing += 1
      const effect = {
        session: 'demo', firing, attempt: 1, net: 'net', transition: 'work', lease: randomUUID(), leaseMs: 30_000, timeoutMs: 20_000,
        idempotencyKey: `demo-${firing}`, credentials: {}, request, ...more,
      }
      const outcome = await runEffect(effect, bench, signal)
      if (outcome === PUT_BACK) throw new Error('it was put back')
      return outcome
    },
  }
}
