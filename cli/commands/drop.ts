import type { Command } from 'commander'
import { decideDead } from '../dead.js'
import type { Shell } from '../shell.js'

/** `agenticos drop`: drop dead letters for good, as an event. */
export function drop(program: Command, shell: Shell): void {
  program.command('drop')
    .description("drop dead letters for good, as an event")
    .argument('<name>', 'SESSION/ID of a dead letter; with --all SESSION, SESSION/NET or SESSION/NET/TRANSITION')
    .argument('[ids...]', 'more ids of the session')
    .option('--all', 'all dead letters of what is named')
    .action(async (name: string, ids: string[], options: { all?: boolean }) => decideDead(shell, 'drop', name, ids, options.all === true))
}
