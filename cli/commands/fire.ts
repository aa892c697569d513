import type { Command } from 'commander'
import { API } from '../../protocol/api.js'
import { readAddress } from '../address.js'
import { awaitDecision, tellVerdicts } from '../decision.js'
import { printedAsValue, withOutput, type Format } from '../output.js'
import type { Shell } from '../shell.js'

/** `agenticos fire TRANSITION`: one binding now, though it is stopped or its schedule is not due. */
export function fire(program: Command, shell: Shell): void {
  withOutput(program.command('fire'))
    .description('fire one binding of a transition now')
    .argument('<transition>', 'SESSION/NET/TRANSITION')
    .action(async (name: string, { output }: { output: Format }) => {
      const { session, net, element } = readAddress(name, 3, 3, 'SESSION/NET/TRANSITION')
      const first = await shell.client().call(API.fire, { params: { session, net: net!, transition: element! }, body: {} })
      const decision = first.state === 'decided' ? first : await awaitDecision(shell, session, first.key)
      if (!printedAsValue(shell, output, decision)) tellVerdicts(shell, decision, name, 'fired')
    })
}
