import type { Command } from 'commander'
import { decideDead } from '../dead.js'
import type { Shell } from '../shell.js'

/** `agenticos retry`: put the inputs of dead letters back, under today's rules. */
export function retry(program: Command, shell: Shell): void {
  program.command('retry')
    .description("put the inputs of dead letters back, under today's rules")
    .argument('<name>', 'SESSION/ID of a dead letter; with --all SESSION, SESSION/NET or SESSION/NET/TRANSITION')
    .argument('[ids...]', 'more ids of the session')
    .option('--all', 'all dead letters of what is named')
    .action(async (name: string, ids: string[], options: { all?: boolean }) => decideDead(shell, 'retry', name, ids, options.all === true))
}
