import { z } from 'zod'
import type { Json } from '../../petri/json.js'
import { elementAddress, shown } from '../address.js'
import type { Address, Desk } from '../desk.js'
import { anyData, placeParameter } from '../parameter.js'
import { Refusal, tool } from '../tool.js'

export const emitMemory = tool({
  name: 'EMIT_MEMORY',
  tier: 'write',
  touch: 'tokens',
  description: 'Remembers something for later firings: puts {name, data, at} into the learning place that your transition has an arc to.',
  parameters: z.strictObject({
    name: z.string().min(1).max(200).describe('What it is about: short, and the same for the same thing.'),
    data: anyData.describe('What to remember.'),
    place: placeParameter.optional().describe('The learning place, where your transition has several.'),
  }),
  answer: z.object({ scope: z.string(), id: z.string() }),
  async run({ name, data, place }, desk) {
    const address = await memoryPlace(desk, place)
    const { id } = await desk.tokens.put(address, { name, data: data as Json, at: new Date().toISOString() }, desk.caller.firing?.correlation)
    return { scope: shown(address), id }
  },
})

async function memoryPlace(desk: Desk, named: string | undefined): Promise<Address> {
  const { firing } = desk.caller
  const own = (firing?.writes ?? []).filter((one) => one.category === 'learning').map((one) => one.place)
  if (named !== undefined) {
    const address = elementAddress(desk, named)
    const { category } = await desk.nets.place(address)
    if (category !== 'learning') throw new Refusal('bad-parameters', `place ${shown(address)} is of category ${category}, and memory goes into learning places`, own.length > 0 ? `name one of ${own.join(', ')}` : 'CREATE_TOKEN puts into other places')
    return address
  }
  const [one, ...others] = own
  if (firing === undefined || one === undefined) throw new Refusal('bad-parameters', firing === undefined ? 'place: this caller has no transition, so the place must be named' : `${firing.net}/${firing.transition} has no arc to a learning place`, 'name a learning place, or add an arc to one in the net')
  if (others.length > 0) throw new Refusal('bad-parameters', 'place: there are several learning places', `name one of ${own.join(', ')}`)
  const [net, element] = one.split('/') as [string, string]
  return { session: firing.session, net, element }
}
