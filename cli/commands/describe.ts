import type { Command } from 'commander'
import { readAddress } from '../address.js'
import { describeNet, describeSession } from '../describe-net.js'
import { describePlace, describeToken, describeTransition } from '../describe-element.js'
import { usage } from '../failure.js'
import { withOutput, printedAsValue, type Format } from '../output.js'
import { readNumber } from '../proposal-number.js'
import { proposalText } from '../proposal-text.js'
import { API } from '../../protocol/api.js'
import type { Shell } from '../shell.js'

/** `agenticos describe NAME`: all there is to know about one thing. */
export function describe(program: Command, shell: Shell): void {
  withOutput(program.command('describe'))
    .description('show everything about a session, net, place, transition, token or proposal')
    .argument('<words...>', 'SESSION, SESSION/NET, SESSION/NET/PLACE, SESSION/NET/TRANSITION, SESSION/TOKEN-ID, or proposal N')
    .action(async (given: string[], { output }: { output: Format }) => {
      const words = given.length === 2 && /^(sessions?|nets?|places?|transitions?|tokens?)$/.test(given[0]!) ? given.slice(1) : given
      if (words.length === 2 && /^proposals?$/.test(words[0]!)) return describeProposal(shell, words[1]!, output)
      if (words.length !== 1) usage(`describe takes one name, and ${words.join(' ')} are more`, 'agenticos describe SESSION/NET, or agenticos describe proposal N')
      const name = words[0]!
      if (/^(proposal\/|#)?\d+$/.test(name)) return describeProposal(shell, name, output)
      const token = /^([a-z][a-z0-9-]*)\/(?:.*\/)?(\d+-\d+)$/.exec(name)
      if (token) return describeToken(shell, token[1]!, token[2]!, output)
      const { session, net, element } = readAddress(name, 1, 3, 'SESSION, SESSION/NET or SESSION/NET/ELEMENT')
      if (net === undefined) return describeSession(shell, session, output)
      if (element === undefined) return describeNet(shell, session, net, output)
      const { definition } = await shell.client().call(API.getNet, { params: { session, net } })
      const { transitions } = definition as { transitions: object }
      if (Object.hasOwn(transitions, element)) return describeTransition(shell, session, net, element, output)
      return describePlace(shell, session, net, element, output)
    })
}

async function describeProposal(shell: Shell, text: string, output: Format): Promise<void> {
  const one = await shell.client().call(API.getProposal, { params: { proposal: readNumber(text) } })
  if (printedAsValue(shell, output, one)) return
  for (const line of proposalText(shell, one, Date.now())) shell.print(line)
}
