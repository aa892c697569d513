import { setTimeout as sleep } from 'node:timers/promises'
import { API } from '../protocol/api.js'
import { applied } from './commands/wait.js'
import { CliFailure } from './failure.js'
import { printedAsValue, type Format } from './output.js'
import { proposalLine } from './proposal-text.js'
import type { Shell } from './shell.js'

/** Merges a proposal; `wait`: until its commit is applied. */
export async function mergeWhenAble(shell: Shell, proposal: number, comment: string, wait: boolean, output: Format): Promise<void> {
  const one = await shell.client().call(API.mergeProposal, { params: { proposal }, body: { comment } })
  const commit = one.merged?.commit ?? ''
  if (wait) {
    const end = performance.now() + 120_000
    for (let seen = await applied(shell, commit); seen !== true; seen = await applied(shell, commit)) {
      if (performance.now() > end) throw new CliFailure(`commit ${commit.slice(0, 10)} is merged and was not applied within 2 minutes`, 'agenticos status tells why')
      shell.progress(seen)
      await sleep(200, undefined, { signal: shell.signal })
    }
    shell.done()
  }
  if (printedAsValue(shell, output, one)) return
  shell.print(output === 'name' ? `proposal/${proposal}` : `${proposalLine(shell, one)}${wait ? ' applied' : ''}`)
}
