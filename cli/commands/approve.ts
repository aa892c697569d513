import type { Command } from 'commander'
import { API } from '../../protocol/api.js'
import { printedAsValue, withOutput, type Format } from '../output.js'
import { readNumber } from '../proposal-number.js'
import { proposalLine } from '../proposal-text.js'
import type { Shell } from '../shell.js'

/** `agenticos approve N`: approve a proposal. */
export function approve(program: Command, shell: Shell): void {
  withOutput(program.command('approve'))
    .description('approve a proposal')
    .argument('<proposal>', 'its number')
    .option('-m, --message <text>', 'why', '')
    .action(async (text: string, options: { output: Format; message: string }) => {
      const one = await shell.client().call(API.approveProposal, { params: { proposal: readNumber(text) }, body: { comment: options.message } })
      if (!printedAsValue(shell, options.output, one)) shell.print(options.output === 'name' ? `proposal/${one.number}` : proposalLine(shell, one))
    })
}
