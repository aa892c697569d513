import type { Command } from 'commander'
import { API } from '../../protocol/api.js'
import { usage } from '../failure.js'
import { runProgram } from '../program.js'
import type { Shell } from '../shell.js'

/** `agenticos executor`: an executor in this terminal; `executor revoke NAME` takes one's token away. */
export function executor(program: Command, shell: Shell): void {
  const group = program.command('executor')
    .description('start an executor here until Ctrl-C, or revoke one')
    .argument('[flags...]', 'flags of the executor, e.g. --name NAME --label zone=home (docs/executors.md)')
    .allowUnknownOption(true)
    .action(async (flags: string[]) => {
      const word = flags.find((flag) => !flag.startsWith('-'))
      if (flags[0] !== undefined && flags[0] === word) usage(`executor takes flags, and ${word} is none`, 'agenticos executor --name NAME, or agenticos executor revoke NAME')
      return runProgram(shell, 'executor', flags)
    })
  group.command('revoke')
    .description('revoke an executor: its token is refused from now on')
    .argument('<name>', 'its name; agenticos get executors')
    .action(async (name: string) => {
      await shell.client().call(API.revokeExecutor, { params: { executor: name } })
      shell.print(`executor ${name} revoked; what it held goes to others when its leases end`)
    })
}
