import type { FastifyInstance } from 'fastify'
import { parseTokenId } from '../../../petri/token.js'
import { API } from '../../../protocol/api.js'
import { fail } from '../../errors.js'
import { listTokens } from '../../store/tokens/list.js'
import { findTokens } from '../../store/tokens/find.js'
import type { Context } from '../context.js'
import { decide, readKey } from '../decide.js'
import { mount } from '../mount.js'
import { requirePuttable } from '../put.js'
import { showToken } from '../show-token.js'
import { tokenPage } from '../token-page.js'
import { answerDecision } from './decisions.js'

const ONE = { where: undefined, order: [], after: -1, offset: 0, limit: 1 }

/** Tokens as they lie in the marking. */
export function tokenRoutes(app: FastifyInstance, context: Context): void {
  const { db, applied } = context

  mount(app, API.listTokens, async ({ params, query }) => {
    const own = `${params.net}/${params.place}`
    const declared = await applied.declares(params.session, own)
    // a place that is gone is still looked into while it holds orphans
    const known = declared ? params.place !== '_failed' : (await listTokens(db, params.session, own, ONE)).rows.length === 0
    const address = known ? (await applied.place(params.session, params.net, params.place)).owner.address : own
    return tokenPage(context, params.session, address, declared, query)
  })

  mount(app, API.getToken, async ({ params }) => {
    const rows = await findTokens(db, params.session, [parseTokenId(params.token) ?? -1])
    if (!rows[0]) fail('not-found', `session ${params.session} has no token ${params.token} in its marking`, `it may have been consumed: agenticos get events ${params.session}`)
    return showToken(rows[0], await context.reservations(params.session), await applied.declares(params.session, rows[0].place))
  })

  mount(app, API.moveTokens, async ({ params, body, principal, request, reply }) => {
    const [net, place] = body.to.split('/') as [string, string]
    const to = await applied.place(params.session, net, place)
    requirePuttable(to, `${params.session}/${body.to}`)
    const key = readKey(request.headers['idempotency-key'])
    const decision = await decide(context, params.session, 'move', key, { tokens: body.tokens, to: to.owner.address, by: principal.name })
    return answerDecision(reply, decision)
  })

  mount(app, API.removeTokens, async ({ params, body, principal, request, reply }) => {
    await applied.nets(params.session)
    const key = readKey(request.headers['idempotency-key'])
    return answerDecision(reply, await decide(context, params.session, 'remove', key, { tokens: body.tokens, by: principal.name }))
  })
}
