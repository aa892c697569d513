import type { Command } from 'commander'
import { mergeWhenAble } from '../merge-wait.js'
import { withOutput, type Format } from '../output.js'
import { readNumber } from '../proposal-number.js'
import type { Shell } from '../shell.js'

/** `agenticos merge N`: the merge is the approval; --wait until it runs. */
export function merge(program: Command, shell: Shell): void {
  withOutput(program.command('merge'))
    .description('merge a proposal')
    .argument('<proposal>', 'its number')
    .option('-m, --message <text>', 'why', '')
    .option('--wait', 'until its commit is applied')
    .action(async (text: string, options: { output: Format; message: string; wait?: boolean }) =>
      mergeWhenAble(shell, readNumber(text), options.message, options.wait === true, options.output))
}
