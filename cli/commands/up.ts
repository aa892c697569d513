import type { Command } from 'commander'
import { runProgram } from '../program.js'
import type { Shell } from '../shell.js'

/** `agenticos up`: the controller in this terminal, with its own flags. */
export function up(program: Command, shell: Shell): void {
  program.command('up')
    .description('start a controller here (database, repository, engine, API) until Ctrl-C')
    .argument('[flags...]', 'flags of the controller, e.g. --data-dir DIR --port 7420 --demo (docs/operations.md)')
    .allowUnknownOption(true)
    .helpOption('-h, --help', 'display help for command')
    .action(async (flags: string[]) => runProgram(shell, 'controller', flags))
}
