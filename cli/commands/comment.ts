import type { Command } from 'commander'
import { API } from '../../protocol/api.js'
import { usage } from '../failure.js'
import { printedAsValue, withOutput, type Format } from '../output.js'
import { readNumber } from '../proposal-number.js'
import { readAll } from '../read-input.js'
import type { Shell } from '../shell.js'

/** `agenticos comment N TEXT`: says something about a proposal. */
export function comment(program: Command, shell: Shell): void {
  withOutput(program.command('comment'))
    .description('comment on a proposal')
    .argument('<proposal>', 'its number')
    .argument('[text]', 'what to say; - or nothing reads stdin')
    .action(async (number: string, text: string | undefined, { output }: { output: Format }) => {
      const proposal = readNumber(number)
      if (text === undefined && shell.input.isTTY) usage('there is nothing to say', `agenticos comment ${proposal} "looks good"`)
      const said = (text === undefined || text === '-' ? await readAll(shell.input) : text).trim()
      if (said === '') usage('the comment is empty', `agenticos comment ${proposal} "looks good"`)
      const one = await shell.client().call(API.commentProposal, { params: { proposal }, body: { comment: said } })
      if (!printedAsValue(shell, output, one)) shell.print(`proposal ${proposal}: ${one.comments.length} ${one.comments.length === 1 ? 'comment' : 'comments'}`)
    })
}
