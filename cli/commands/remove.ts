import type { Command } from 'commander'
import { API } from '../../protocol/api.js'
import { readAddress } from '../address.js'
import { awaitDecision, tellVerdicts } from '../decision.js'
import { printedAsValue, withOutput, type Format } from '../output.js'
import type { Shell } from '../shell.js'
import { choose } from './move.js'

/** `agenticos remove PLACE [IDS...]`: takes tokens out of the marking, as an event. */
export function remove(program: Command, shell: Shell): void {
  withOutput(program.command('remove'))
    .description('remove tokens from a place')
    .argument('<place>', 'SESSION/NET/PLACE')
    .argument('[ids...]', 'token ids (1234-0)')
    .option('--where <arcql>', 'those for which an ArcQL condition holds')
    .option('--all', 'all tokens of the place')
    .action(async (name: string, ids: string[], options: { output: Format; where?: string; all?: boolean }) => {
      const { session, net, element } = readAddress(name, 3, 3, 'SESSION/NET/PLACE')
      const chosen = await choose(shell, { session, net: net!, place: element! }, ids, options, `agenticos remove ${name}`)
      if (chosen.length === 0) return shell.warn('no tokens to remove')
      for (let at = 0; at < chosen.length; at += 1000) {
        const part = chosen.slice(at, at + 1000)
        const first = await shell.client().call(API.removeTokens, { params: { session }, body: { tokens: part } })
        const decision = first.state === 'decided' ? first : await awaitDecision(shell, session, first.key)
        if (!printedAsValue(shell, options.output, decision)) tellVerdicts(shell, decision, `${part.length} ${part.length === 1 ? 'token' : 'tokens'}`, `removed from ${name}`)
      }
    })
}
