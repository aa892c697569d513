import type { Command } from 'commander'
import { API } from '../../protocol/api.js'
import { printedAsValue, withOutput, type Format } from '../output.js'
import { readNumber } from '../proposal-number.js'
import { proposalLine } from '../proposal-text.js'
import type { Shell } from '../shell.js'

/** `agenticos close N`: close a proposal unmerged. */
export function close(program: Command, shell: Shell): void {
  withOutput(program.command('close'))
    .description('close a proposal unmerged')
    .argument('<proposal>', 'its number')
    .option('-m, --message <text>', 'why', '')
    .action(async (text: string, options: { output: Format; message: string }) => {
      const one = await shell.client().call(API.closeProposal, { params: { proposal: readNumber(text) }, body: { comment: options.message } })
      if (!printedAsValue(shell, options.output, one)) shell.print(options.output === 'name' ? `proposal/${one.number}` : proposalLine(shell, one))
    })
}
