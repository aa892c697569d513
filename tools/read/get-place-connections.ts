import { z } from 'zod'
import type { InputArc, Net, OutputArc, Transition } from '../../petri/net.js'
import { elementAddress, shown } from '../address.js'
import { placeParameter } from '../parameter.js'
import { tool } from '../tool.js'

export const getPlaceConnections = tool({
  name: 'GET_PLACE_CONNECTIONS',
  tier: 'read',
  touch: 'reads',
  description: 'Tells which transitions put tokens into a place and which take or read them, and what each of those needs a token to have. Look before you put a token.',
  parameters: z.strictObject({ place: placeParameter }),
  answer: z.object({
    scope: z.string(),
    producers: z.array(z.object({ transition: z.string(), kind: z.string(), emit: z.unknown(), on: z.string(), when: z.unknown(), byTools: z.boolean().optional() })),
    consumers: z.array(z.object({
      transition: z.string(), kind: z.string(), mode: z.string(), where: z.string().optional(), take: z.unknown(),
      needs: z.array(z.string()).describe('Paths of the token that its condition, inscription and arcs read.'),
    })),
  }),
  async run({ place: text }, desk) {
    const address = elementAddress(desk, text)
    const place = address.element === '_failed' ? { address: `${address.net}/_failed` } : await desk.nets.place(address)
    const nets = [...(await desk.nets.nets(address.session)).values()]
    const name = (net: Net, transition: Transition) => `${address.session}/${net.name}/${transition.name}`
    const each = <A, T>(arcs: (transition: Transition) => readonly A[], make: (net: Net, transition: Transition, arc: A) => T): T[] =>
      nets.flatMap((net) => Object.values(net.transitions).flatMap((transition) => arcs(transition).map((arc) => make(net, transition, arc))))
    return {
      scope: shown(address),
      producers: each((transition) => transition.outputs.filter((arc) => arc.address === place.address), (net, transition, arc: OutputArc) => ({
        transition: name(net, transition), kind: transition.kind, emit: arc.emit, on: arc.on, when: arc.when, ...(arc.tools ? { byTools: true } : {}),
      })),
      consumers: each((transition) => transition.inputs.filter((arc) => arc.address === place.address), (net, transition, arc: InputArc) => ({
        transition: name(net, transition), kind: transition.kind, mode: arc.mode, ...(arc.where === undefined ? {} : { where: arc.where }), take: arc.take, needs: needsOf(transition, arc),
      })),
    }
  },
})

/** `$.a.b` for all that a transition reads of what the arc binds. */
function needsOf(transition: Transition, arc: InputArc): string[] {
  const found = new Set<string>()
  const own = arc.where?.matchAll(/(?<![\w$}])\$((?:\.[A-Za-z_]\w*)+)/g) ?? []
  for (const [, path] of own) found.add(`$${path}`)
  const rest = JSON.stringify([transition.action, transition.outputs, transition.cost, transition.inputs.map((input) => [input.where, input.take])])
  const named = new RegExp(`\\$\\{[^}]*?\\b${arc.variable}((?:\\.[A-Za-z_]\\w*|\\[\\d+\\])+)`, 'g')
  for (const [, path] of rest.matchAll(named)) found.add(`$${path}`)
  return [...found].sort()
}
