import { z } from 'zod'
import type { Json, JsonObject } from '../../petri/json.js'
import { parsePath } from '../../petri/arcql/parse.js'
import { readPath } from '../../petri/arcql/path.js'
import { elementAddress, shown } from '../address.js'
import { listedToken, showListed } from '../listed-token.js'
import { cursorParameter, limitParameter, listed, placeParameter, waitParameter } from '../parameter.js'
import { Refusal, tool } from '../tool.js'
import type { ListedToken } from '../desk.js'

const LOOK = 2_000

export const queryTokens = tool({
  name: 'QUERY_TOKENS',
  tier: 'read',
  touch: 'reads',
  description: 'Reads the tokens of one place, oldest first or as an ArcQL query orders them. Long texts are cut and say so; EXTRACT_TOKEN_CONTENT reads one of them whole. With `wait` it answers as soon as something matches.',
  parameters: z.strictObject({
    place: placeParameter,
    arcql: z.string().max(10_000).optional().describe('ArcQL condition such as $.level == "error" AND $_.correlationId == "c1", or a query: WHERE $.n > 5 ORDER BY $.n DESC.'),
    fields: z.array(z.string().max(200)).min(1).max(50).optional().describe('Paths to show alone, e.g. ["$.ip", "$.count"].'),
    limit: limitParameter(500, 20),
    cursor: cursorParameter.optional(),
    wait: waitParameter.default(0).describe('Seconds to wait until something matches; 0 unless given, 60 at most.'),
  }),
  answer: z.object({ ...listed, waited: z.boolean().optional().describe('Nothing came in the time.'), tokens: z.array(listedToken) }),
  async run({ place, arcql, fields, limit, cursor, wait }, desk) {
    const address = elementAddress(desk, place)
    const paths = fields?.map(fieldPath)
    const end = Date.now() + wait * 1000
    for (;;) {
      // asked for before the look, so that what comes in between is not missed
      const left = end - Date.now()
      const news = left > 0 ? desk.tokens.news(address.session, Math.min(left, LOOK)) : undefined
      const page = await desk.tokens.list(address, { arcql, limit, cursor })
      if (page.tokens.length > 0 || news === undefined) {
        const tokens = page.tokens.map((token) => showListed(paths === undefined ? token : picked(token, paths)))
        return { scope: shown(address), shown: tokens.length, next: page.next, ...(wait > 0 && tokens.length === 0 ? { waited: true } : {}), tokens }
      }
      await news
    }
  },
})

function fieldPath(text: string) {
  const parsed = parsePath(text.startsWith('$') ? text : `$.${text}`)
  if (!parsed.ok) throw new Refusal('bad-query', `fields: ${text}: ${parsed.message}`, parsed.remedy)
  return { text, path: parsed.value }
}

function picked(token: ListedToken, paths: readonly ReturnType<typeof fieldPath>[]): ListedToken {
  const data: Record<string, Json> = {}
  for (const { text, path } of paths) data[text] = readPath(path, path.base === 'meta' ? metaOf(token) : token.data) ?? null
  return { ...token, data }
}

function metaOf(token: ListedToken): JsonObject {
  const { id, place, createdAt, producedBy, correlationId } = token
  return { id, place, createdAt, producedBy, correlationId }
}
