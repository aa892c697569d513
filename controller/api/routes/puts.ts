import type { FastifyInstance } from 'fastify'
import type { Json } from '../../../petri/json.js'
import { API } from '../../../protocol/api.js'
import type { Verdict } from '../../../protocol/api/tokens.js'
import type { PutVerdict } from '../../../protocol/inbox.js'
import { chunksOf, readBulk, type Line } from '../bulk.js'
import type { Context } from '../context.js'
import { decide, decisionHref, lookUpDecision, readDecision, readKey, WAIT } from '../decide.js'
import { mount } from '../mount.js'
import { makeProblem, sendProblem } from '../problem.js'
import { createInboxGate, judgePut, requirePuttable } from '../put.js'

/** Puts: checked here, decided by the session's owner. */
export function putRoutes(app: FastifyInstance, context: Context): void {
  const { db, poster, decisions, applied } = context
  const gate = createInboxGate(db)

  mount(app, API.putToken, async ({ params, body, principal, request, reply }) => {
    const key = readKey(request.headers['idempotency-key'])
    const place = await applied.place(params.session, params.net, params.place)
    requirePuttable(place, `${params.session}/${params.net}/${params.place}`)
    const against = judgePut(place, body.data)
    if (against) return sendProblem(reply, refusal(against))
    await gate(params.session)
    const token = body.correlationId === undefined ? { data: body.data } : { data: body.data, correlationId: body.correlationId }
    const decision = await decide(context, params.session, 'put', key, { place: place.owner.address, tokens: [token], by: principal.name })
    reply.header('location', decision.href)
    if (decision.state === 'waiting') return reply.code(202).send({ key, status: 202, href: decision.href })
    const verdict = decision.verdicts[0] ?? { status: decision.status }
    if (verdict.status >= 400) return sendProblem(reply, refusal(verdict))
    return reply.code(verdict.status === 200 ? 200 : 201).send({ key, status: verdict.status, href: decision.href, ...(verdict.id === undefined ? {} : { id: verdict.id }) })
  })

  mount(app, API.putTokens, async ({ params, query, body, principal, request, reply }) => {
    const key = readKey(request.headers['idempotency-key'])
    const place = await applied.place(params.session, params.net, params.place)
    requirePuttable(place, `${params.session}/${params.net}/${params.place}`)
    const read = readBulk(body)
    const problems: (Verdict & { line: number })[] = [...read.problems]
    const good = read.lines.filter((line) => {
      const against = judgePut(place, line.data)
      if (against) problems.push({ line: line.line, ...withoutDetails(against) })
      return against === undefined
    })
    await gate(params.session)
    const chunks = chunksOf(good)
    const keyOf = (nth: number) => (chunks.length === 1 ? key : `${key}/${nth}`)
    const tokenOf = (line: Line): { data: Json; correlationId?: string } =>
      query.correlationId === undefined ? { data: line.data } : { data: line.data, correlationId: query.correlationId }
    const keys = chunks.map((_, nth) => keyOf(nth))
    const expected = decisions.expect(params.session, keys, false)
    try {
      for (let nth = 0; nth < chunks.length; nth++) {
        const row = { place: place.owner.address, tokens: chunks[nth]!.lines.map(tokenOf), by: principal.name }
        const fresh = await poster.post({ session: params.session, kind: 'put', key: keyOf(nth), body: JSON.stringify(row) })
        if (!fresh) decisions.poke(params.session)
      }
    } catch (error) {
      void expected.until(0)
      throw error
    }
    const found = await expected.until(WAIT)
    let [put, waiting] = [0, 0]
    chunks.forEach((chunk, nth) => {
      const decision = readDecision(params.session, keyOf(nth), found.get(keyOf(nth)))
      if (decision.state === 'waiting') waiting += chunk.lines.length
      else {
        chunk.lines.forEach((line, at) => {
          const verdict = decision.verdicts[at] ?? { status: decision.status }
          if (verdict.status < 400) put++
          else problems.push({ line: line.line, ...verdict })
        })
      }
    })
    problems.sort((a, b) => a.line - b.line)
    reply.code(waiting > 0 ? 202 : 200)
    return { key, put, refused: problems.length, waiting, problems: problems.slice(0, 100), hrefs: keys.slice(0, 100).map((one) => decisionHref(params.session, one)) }
  })

  mount(app, API.getDecision, async ({ params, query }) => lookUpDecision(context, params.session, params.key, query.wait))
}

function withoutDetails({ details: _, ...verdict }: Verdict & { details?: Json }): Verdict {
  return verdict
}

/** A verdict against something, as a problem report. */
export function refusal(verdict: (Verdict | PutVerdict) & { details?: Json }) {
  return makeProblem({
    status: verdict.status,
    code: verdict.code ?? 'conflict',
    message: verdict.message ?? 'the session refused it',
    remedy: verdict.remedy ?? 'agenticos get events of the session tells what happened',
    ...(verdict.details === undefined ? {} : { details: verdict.details }),
  })
}
