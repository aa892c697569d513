import type { Command } from 'commander'
import { API } from '../../protocol/api.js'
import { readAddress } from '../address.js'
import { awaitDecision, tellVerdicts } from '../decision.js'
import { usage } from '../failure.js'
import { printedAsValue, withOutput, type Format } from '../output.js'
import { all } from '../pages.js'
import type { Shell } from '../shell.js'

/** `agenticos move PLACE TO [IDS...]`: tokens by their ids, or by ArcQL, or all of the place. */
export function move(program: Command, shell: Shell): void {
  withOutput(program.command('move'))
    .description('move tokens to another place of the session')
    .argument('<from>', 'SESSION/NET/PLACE they lie in')
    .argument('<to>', 'NET/PLACE, PLACE of the same net, or SESSION/NET/PLACE')
    .argument('[ids...]', 'token ids (1234-0)')
    .option('--where <arcql>', 'those for which an ArcQL condition holds')
    .option('--all', 'all tokens of the place')
    .action(async (from: string, to: string, ids: string[], options: { output: Format; where?: string; all?: boolean }) => {
      const source = readAddress(from, 3, 3, 'SESSION/NET/PLACE')
      const target = readTarget(to, source.session, source.net!)
      const chosen = await choose(shell, { session: source.session, net: source.net!, place: source.element! }, ids, options, `agenticos move ${from} ${to}`)
      if (chosen.length === 0) return shell.warn('no tokens to move')
      for (let at = 0; at < chosen.length; at += 1000) {
        const part = chosen.slice(at, at + 1000)
        const first = await shell.client().call(API.moveTokens, { params: { session: source.session }, body: { tokens: part, to: target } })
        const decision = first.state === 'decided' ? first : await awaitDecision(shell, source.session, first.key)
        if (!printedAsValue(shell, options.output, decision)) tellVerdicts(shell, decision, `${part.length} ${part.length === 1 ? 'token' : 'tokens'}`, `moved to ${source.session}/${target}`)
      }
    })
}

function readTarget(to: string, session: string, net: string): string {
  const parts = to.split('/')
  if (parts.length === 1) return `${net}/${parts[0]}`
  if (parts.length === 2) return to
  if (parts[0] !== session) usage(`${to} lies in another session; tokens move inside one`, `put them there: agenticos get tokens ... -o json, then agenticos put ${to}`)
  return parts.slice(1).join('/')
}

/** Token ids as named, or all that a place holds (that a condition picks). */
export async function choose(
  shell: Shell, params: { session: string; net: string; place: string }, ids: readonly string[], options: { where?: string; all?: boolean }, again: string,
): Promise<string[]> {
  const ways = [ids.length > 0, options.where !== undefined, options.all === true].filter(Boolean).length
  if (ways !== 1) usage(ways === 0 ? 'no tokens are named' : 'tokens are named in two ways', `${again} ID..., or --where CONDITION, or --all`)
  const bad = ids.find((id) => !/^\d{1,12}-\d{1,5}$/.test(id))
  if (bad !== undefined) usage(`${JSON.stringify(bad)} is no token id`, `a token id looks like 1234-0; agenticos get tokens ${params.session}/${params.net}/${params.place}`)
  if (ids.length > 0) return [...ids]
  const tokens = await all(shell.client(), API.listTokens, { params, query: options.where === undefined ? {} : { where: options.where } })
  return tokens.map((token) => token.id)
}
