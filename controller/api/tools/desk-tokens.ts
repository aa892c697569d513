import { parseCondition, parseQuery } from '../../../petri/arcql/parse.js'
import { printCondition, printOrder } from '../../../petri/arcql/print.js'
import { createHash } from 'node:crypto'
import type { Json } from '../../../petri/json.js'
import { parseTokenId } from '../../../petri/token.js'
import type { TokenAnswer, Verdict } from '../../../protocol/api/tokens.js'
import type { Address, ListedToken, TokenPort } from '../../../tools/desk.js'
import { Refusal } from '../../../tools/tool.js'
import { fail } from '../../errors.js'
import { findTokens } from '../../store/tokens/find.js'
import type { AppliedPlace } from '../applied.js'
import type { Context } from '../context.js'
import { decide } from '../decide.js'
import { judgePut, requirePuttable } from '../put.js'
import { showToken } from '../show-token.js'
import { tokenPage } from '../token-page.js'
import { enter, type Bound } from './bound.js'

/** The tokens of places, as one caller may see and touch them. */
export function tokenDesk(context: Context, bound: Bound): TokenPort {
  const { db, applied, hub, tools } = context
  const { caller, key } = bound

  /** In its own net an agent puts only where its transition has an arc for its tools, whatever name it gives the place. */
  const requireWritable = ({ session, net }: Address, { place, owner }: AppliedPlace): void => {
    const { firing } = caller
    if (firing === undefined || session !== firing.session || (net !== firing.net && owner.address.split('/')[0] !== firing.net)) return
    if (firing.writes.some((one) => one.place === owner.address || one.place === place.address)) return
    throw new Refusal('forbidden-place', `${firing.net}/${firing.transition} has no arc for its tools to ${session}/${owner.address}`,
      firing.writes.length === 0 ? 'its transition has no such arc: give what you found to DONE' : `put into ${firing.writes.map((one) => one.place).join(', ')}`)
  }

  return {
    async list({ session, net, element }, { arcql, limit, cursor }) {
      enter(bound, session)
      const own = `${net}/${element}`
      // a place that no net declares is refused there
      const declared = element !== '_failed' || await applied.declares(session, own)
      const address = declared && element === '_failed' ? own : (await applied.place(session, net, element)).owner.address
      const query = arcql === undefined ? {} : queryOf(arcql)
      const most = Math.min(limit, query.limit ?? limit)
      const page = await tokenPage(context, session, address, declared, { where: query.where, order: query.order, limit: most, cursor })
      // a query's own LIMIT is the end of it
      const { next } = query.limit !== undefined && query.limit <= limit ? { next: undefined } : page
      return { tokens: page.items.filter((token) => !token.superseded).map(listedOf), next }
    },
    async find(session, id) {
      enter(bound, session)
      const row = (await findTokens(db, session, [parseTokenId(id) ?? -1]))[0]
      if (!row) fail('not-found', `session ${session} has no token ${id} in its marking`, 'it may have been taken: QUERY_TOKENS lists what is there')
      return listedOf(showToken(row, await context.reservations(session), true))
    },
    news(session, ms) {
      // what was waited for half is no outcome of a call: whoever lost the connection asks again and gets the whole
      const heard = hub.news('events', session, ms, bound.signal).then(() => {
        if (bound.signal.aborted) fail('shutting-down', 'nobody waits for this any more', 'ask again')
      })
      heard.catch(() => undefined)
      return heard
    },
    async put(address, data, correlationId) {
      const { session, net, element } = address
      enter(bound, session)
      const place = await applied.place(session, net, element)
      const name = `${session}/${net}/${element}`
      requireWritable(address, place)
      requirePuttable(place, name)
      const against = judgePut(place, data)
      if (against) throw refusalOf(against, against.details)
      await tools.gate(session)
      const verdict = await decided(session, 'put', { place: place.owner.address, tokens: [correlationId === undefined ? { data } : { data, correlationId }], by: caller.name })
      return { id: verdict.id ?? '' }
    },
    async remove(session, id) {
      enter(bound, session)
      const row = (await findTokens(db, session, [parseTokenId(id) ?? -1]))[0]
      if (row) {
        const [net = '', element = ''] = row.place.split('/')
        if (element === '_failed') requireOwnPlace(session, net, element)
        else if (await applied.declares(session, row.place)) requireWritable({ session, net, element }, await applied.place(session, net, element))
      }
      await decided(session, 'remove', { tokens: [id], by: caller.name })
    },
    freshCorrelation: () => `call-${createHash('sha256').update(key).digest('hex').slice(0, 24)}`,
  }

  function requireOwnPlace(session: string, net: string, element: string): void {
    const { firing } = caller
    if (firing?.session === session && firing.net === net) throw new Refusal('forbidden-place', `${firing.net}/${firing.transition} has no arc to ${net}/${element}`, 'a person drops dead letters: agenticos drop')
  }

  async function decided(session: string, kind: 'put' | 'remove', body: object): Promise<Verdict> {
    const decision = await decide(context, session, kind, key, body)
    if (decision.state === 'waiting') fail('conflict', `session ${session} has not decided about this in 5 s; it is in its inbox and will be`, 'look at the place a little later before you try again; agenticos status shows whether the session gets on')
    const verdict = decision.verdicts[0] ?? { status: decision.status }
    if (verdict.status >= 400) throw refusalOf(verdict)
    return verdict
  }
}

function refusalOf(verdict: Verdict, details?: Json): Refusal {
  return new Refusal(verdict.code ?? 'conflict', verdict.message ?? 'the session refused it', verdict.remedy ?? 'look at the place as it is now', details)
}

/** A condition alone, or a whole query. */
function queryOf(text: string): { where?: string; order?: string; limit?: number | undefined } {
  const whole = /^\s*(FROM|WHERE|ORDER|LIMIT)\b/.test(text)
  const parsed = whole ? parseQuery(text) : parseCondition(text)
  if (!parsed.ok) throw new Refusal('bad-query', `arcql: ${parsed.message} (at character ${parsed.offset + 1} of ${JSON.stringify(text.slice(0, 200))})`, parsed.remedy)
  if (!whole) return { where: text }
  const { where, order, limit } = parsed.value as Extract<ReturnType<typeof parseQuery>, { ok: true }>['value']
  return { ...(where === undefined ? {} : { where: printCondition(where) }), ...(order.length === 0 ? {} : { order: printOrder(order) }), limit }
}

function listedOf({ id, place, data, createdAt, producedBy, correlationId, reservedBy }: TokenAnswer): ListedToken {
  return { id, place, data: data as Json, createdAt, producedBy, correlationId, state: reservedBy === null ? 'free' : 'reserved' }
}
