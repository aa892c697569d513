import { Option, type Command } from 'commander'
import { API } from '../../protocol/api.js'
import type { Shell } from '../shell.js'

/** `agenticos reconcile`: look at the repository now; suspend and resume. */
export function reconcile(program: Command, shell: Shell): void {
  program.command('reconcile')
    .description('look at the net repository now, or suspend and resume that')
    .addOption(new Option('--suspend', 'apply nothing from now on').conflicts('resume'))
    .option('--resume', 'apply again')
    .action(async (options: { suspend?: boolean; resume?: boolean }) => {
      const suspend = options.suspend ? true : options.resume ? false : undefined
      const answer = await shell.client().call(API.reconcile, { body: suspend === undefined ? {} : { suspend } })
      shell.print(answer.suspended ? 'suspended: nothing is applied until agenticos reconcile --resume' : 'asked for; agenticos status shows how it goes')
    })
}
