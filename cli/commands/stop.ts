import type { Command } from 'commander'
import { changeLifecycle, readTarget } from '../lifecycle.js'
import { withOutput, type Format } from '../output.js'
import type { Shell } from '../shell.js'

/** `agenticos stop TARGET`: after the answer nothing of it fires and no effect of it is leased. */
export function stop(program: Command, shell: Shell): void {
  withOutput(program.command('stop'))
    .description('stop a transition, a net, a session, or everything; nothing is lost')
    .argument('[target]', 'SESSION, SESSION/NET or SESSION/NET/TRANSITION')
    .option('--all', 'everything')
    .option('--now', 'cancel what executors are doing, too')
    .option('--reason <text>', 'why, for the others', '')
    .option('--wait', 'until nothing of it is with an executor')
    .action(async (name: string | undefined, options: { output: Format; all?: boolean; now?: boolean; reason: string; wait?: boolean }) =>
      changeLifecycle(shell, readTarget(name, options.all === true, 'stop'),
        { state: 'stopped', now: options.now === true, shift: false, reason: options.reason, wait: options.wait === true, output: options.output }))
}
