import { z } from 'zod'
import type { Json } from '../../petri/json.js'
import { elementAddress, shown } from '../address.js'
import type { Address, Desk, ListedToken } from '../desk.js'
import { listedToken, showListed } from '../listed-token.js'
import { anyData, placeParameter, waitParameter } from '../parameter.js'
import { tool } from '../tool.js'

const LOOK = 2_000

export const createToken = tool({
  name: 'CREATE_TOKEN',
  tier: 'write',
  touch: 'tokens',
  description: 'Puts one token into a place; it must fit the schema of the place. With `reply` a net is called like a function: the answer is the first token with the same correlation id in that place. In its own net an agent puts only where its transition has an arc for its tools.',
  parameters: z.strictObject({
    place: placeParameter,
    data: anyData.describe('Any JSON that fits the schema of the place.'),
    correlationId: z.string().min(1).max(200).optional().describe('Ties what comes of it together; made up unless given.'),
    reply: z.strictObject({ place: placeParameter, wait: waitParameter.describe('Seconds to wait for it, 60 at most.') }).optional().describe('Waits for the first token with the same correlation id there: {place, wait}.'),
  }),
  answer: z.object({
    scope: z.string(), id: z.string(), correlationId: z.string().optional(),
    reply: listedToken.nullable().optional().describe('null: nothing came in the time; QUERY_TOKENS with the correlation id asks again.'),
  }),
  async run({ place, data, correlationId, reply }, desk) {
    const address = elementAddress(desk, place)
    const answer = reply === undefined ? undefined : elementAddress(desk, reply.place)
    if (answer !== undefined) await desk.nets.place(answer)
    const correlation = correlationId ?? (answer === undefined ? desk.caller.firing?.correlation : desk.tokens.freshCorrelation())
    const { id } = await desk.tokens.put(address, data as Json, correlation)
    const told = { scope: shown(address), id, ...(correlation === undefined ? {} : { correlationId: correlation }) }
    if (answer === undefined || reply === undefined) return told
    const came = await firstWith(desk, answer, correlation!, reply.wait)
    return { ...told, reply: came === undefined ? null : showListed(came) }
  },
})

async function firstWith(desk: Desk, place: Address, correlation: string, seconds: number): Promise<ListedToken | undefined> {
  const end = Date.now() + seconds * 1000
  const arcql = `$_.correlationId == ${JSON.stringify(correlation)}`
  for (;;) {
    const left = end - Date.now()
    const news = left > 0 ? desk.tokens.news(place.session, Math.min(left, LOOK)) : undefined
    const { tokens } = await desk.tokens.list(place, { arcql, limit: 1 })
    if (tokens[0] !== undefined || news === undefined) return tokens[0]
    await news
  }
}
