import { z } from 'zod'
import { isObject, own, type Json } from '../../petri/json.js'
import type { Net } from '../../petri/net.js'
import { elementAddress, shown } from '../address.js'
import { placeParameter } from '../parameter.js'
import { tool } from '../tool.js'

const MOST_EDGES = 200
const MOST_FACTS = 50

interface Edge {
  readonly from: string
  readonly relation: string
  readonly to: string
  readonly link: string
  readonly depth: number
}

export const getLinkedPlaces = tool({
  name: 'GET_LINKED_PLACES',
  tier: 'read',
  touch: 'reads',
  description: 'Walks the knowledge graph from a place along `link` transitions, in both directions, and lists what its tokens of the form {from, relation, to} say besides.',
  parameters: z.strictObject({
    place: placeParameter,
    depth: z.int().min(1).max(5).default(1).describe('How many links far; 1 unless given, 5 at most.'),
    relation: z.string().max(200).optional().describe('Only links with this relation.'),
  }),
  answer: z.object({
    scope: z.string(),
    links: z.array(z.object({ from: z.string(), relation: z.string(), to: z.string(), link: z.string(), depth: z.int() })),
    facts: z.array(z.object({ place: z.string(), from: z.unknown(), relation: z.string(), to: z.unknown() })).describe('What tokens in the places that were reached say.'),
    cut: z.string().optional(),
  }),
  async run({ place: text, depth, relation }, desk) {
    const address = elementAddress(desk, text)
    const { session } = address
    const start = (await desk.nets.place(address)).address
    const edges = linksOf(session, [...(await desk.nets.nets(session)).values()]).filter((edge) => relation === undefined || edge.relation === relation)
    const links: Edge[] = []
    const reached = new Set([start])
    let front = [start]
    for (let level = 1; level <= depth && front.length > 0; level++) {
      const next: string[] = []
      for (const edge of edges) {
        if (!front.includes(edge.from) && !front.includes(edge.to)) continue
        if (!links.some((known) => known.link === edge.link)) links.push({ ...edge, depth: level })
        for (const end of [edge.from, edge.to]) if (!reached.has(end)) next.push(end)
        for (const end of [edge.from, edge.to]) reached.add(end)
      }
      front = next
    }
    const facts: { place: string; from: Json; relation: string; to: Json }[] = []
    for (const at of reached) {
      if (facts.length >= MOST_FACTS) break
      const [net, element] = at.split('/') as [string, string]
      const { tokens } = await desk.tokens.list({ session, net, element }, { arcql: 'EXISTS $.from AND EXISTS $.relation AND EXISTS $.to', limit: MOST_FACTS })
      for (const { data } of tokens) {
        const told = isObject(data) ? own(data, 'relation') : undefined
        if (isObject(data) && typeof told === 'string' && (relation === undefined || told === relation)) facts.push({ place: `${session}/${at}`, from: own(data, 'from') ?? null, relation: told, to: own(data, 'to') ?? null })
      }
    }
    const cut = links.length > MOST_EDGES || facts.length > MOST_FACTS ? `only ${MOST_EDGES} links and ${MOST_FACTS} facts are shown: ask for less depth, or for one relation` : undefined
    const full = (edge: Edge) => ({ ...edge, from: `${session}/${edge.from}`, to: `${session}/${edge.to}` })
    return { scope: `${shown(address)}, ${depth} deep`, links: links.slice(0, MOST_EDGES).map(full), facts: facts.slice(0, MOST_FACTS), cut }
  },
})

function linksOf(session: string, nets: readonly Net[]): Omit<Edge, 'depth'>[] {
  return nets.flatMap((net) => Object.values(net.transitions).flatMap((transition) => {
    const [from, to] = [transition.inputs[0], transition.outputs[0]]
    if (transition.kind !== 'link' || from === undefined || to === undefined) return []
    return [{ from: from.address, relation: String(transition.action?.['relation'] ?? ''), to: to.address, link: `${session}/${net.name}/${transition.name}` }]
  }))
}
