import { setTimeout as sleep } from 'node:timers/promises'
import { API } from '../../protocol/api.js'
import { ProblemError } from '../../protocol/client.js'
import { applied } from '../commands/wait.js'
import { CliFailure } from '../failure.js'
import type { Shell } from '../shell.js'

const PATIENCE_MS = 120_000

/** Proposes files with the person's own token, merges them, and waits until they are applied. */
export async function applyFiles(shell: Shell, title: string, body: string, files: readonly { readonly path: string; readonly content: string }[]): Promise<number> {
  const { number } = await shell.client().call(API.openProposal, { body: { title, body, files: [...files] } })
  try {
    await mergeAndWait(shell, number)
  } catch (error) {
    // what can never be merged as it is waits for nobody; what lacks an approval does
    if (error instanceof ProblemError && error.problem.findings !== undefined) await shell.client().call(API.closeProposal, { params: { proposal: number }, body: {} }).catch(() => undefined)
    throw error
  }
  return number
}

/** Merges a proposal and waits until its commit is applied and every session has adopted it. */
export async function mergeAndWait(shell: Shell, proposal: number): Promise<void> {
  const { merged } = await shell.client().call(API.mergeProposal, { params: { proposal }, body: {}, signal: shell.signal })
  const commit = merged?.commit ?? ''
  const end = performance.now() + PATIENCE_MS
  for (;;) {
    const seen = await applied(shell, commit)
    const { items } = await shell.client().call(API.listSessions, { query: { limit: 1000 } })
    if (seen === true && items.every((one) => one.adopted >= one.generation)) return shell.done()
    if (performance.now() > end) throw new CliFailure(`commit ${commit.slice(0, 10)} is merged and was not applied within 2 minutes`, 'agenticos status tells why')
    shell.progress(seen === true ? 'applied, the sessions take it up' : seen)
    await sleep(100, undefined, { signal: shell.signal })
  }
}
