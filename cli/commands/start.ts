import type { Command } from 'commander'
import { changeLifecycle, readTarget } from '../lifecycle.js'
import { withOutput, type Format } from '../output.js'
import type { Shell } from '../shell.js'

/** `agenticos start TARGET`: goes on where it was. */
export function start(program: Command, shell: Shell): void {
  withOutput(program.command('start'))
    .description('start what was stopped; it goes on where it was')
    .argument('[target]', 'SESSION, SESSION/NET or SESSION/NET/TRANSITION')
    .option('--all', 'everything')
    .option('--shift', 'add the stopped time to what fell due while stopped')
    .option('--reason <text>', 'why, for the others', '')
    .action(async (name: string | undefined, options: { output: Format; all?: boolean; shift?: boolean; reason: string }) =>
      changeLifecycle(shell, readTarget(name, options.all === true, 'start'),
        { state: 'running', now: false, shift: options.shift === true, reason: options.reason, wait: false, output: options.output }))
}
