import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { outcome } from '../../protocol/effect.js'
import { errandsRequest, settleErrandsRequest } from '../../protocol/errand.js'
import { heartbeatRequest, leaseRef, leaseRequest, registerRequest, releaseRequest } from '../../protocol/executor.js'
import { PROBLEM_TYPE } from '../../protocol/problem.js'
import { Failure, FAILURES } from '../errors.js'
import { leasedBy } from '../store/effects/leased-by.js'
import { asExecutor, authenticate } from './authenticate.js'
import type { Dispatch } from './dispatch.js'
import { Errands } from './errands.js'
import { heartbeat } from './heartbeat.js'
import { lease } from './lease.js'
import { ledgerRoutes } from './ledger-routes.js'
import { parse } from './parse.js'
import { register } from './register.js'
import { release } from './release.js'
import { settle } from './settle.js'

/** Bytes of one request: outcomes are 8 MiB at most, and executors post at most two of that size at once. */
const BODY = 32 * 1024 * 1024

// protocol/executor.ts settleRequest, without walking the results: `settle` walks them once, as canonical JSON.
const [done, failed] = outcome.options
const settleBody = z.strictObject({
  outcomes: z.array(leaseRef.extend({
    outcome: z.discriminatedUnion('status', [done.extend({ result: z.unknown() }), failed.extend({ detail: z.unknown() })]),
    durationMs: z.int().nonnegative().optional(),
  })).max(5000),
})

/** The executor protocol under /v1/executors, as a plugin of its own: its tokens, its limits, its errors. */
export function dispatchRoutes(dispatch: Dispatch): FastifyPluginAsync {
  return async (app: FastifyInstance) => {
    app.setErrorHandler((error, _request, reply) => answerProblem(dispatch, error, reply))
    const held = (request: FastifyRequest) => authenticate(dispatch.db, request.headers.authorization)
    const who = async (request: FastifyRequest) => asExecutor(await held(request))
    const options = { bodyLimit: BODY }
    ledgerRoutes(app, dispatch, options, who)
    const errands = Errands.start(dispatch.db, dispatch.log, dispatch.signal)

    app.post('/v1/executors/register', options, async (request) => {
      const row = await held(request)
      const token = (request.headers.authorization ?? '').slice('Bearer '.length)
      return register(dispatch.db, row, token, parse(registerRequest, request.body), dispatch.timing)
    })
    app.post('/v1/executors/lease', options, async (request, reply) => {
      const principal = await who(request)
      const body = parse(leaseRequest, request.body)
      const closed = new AbortController()
      reply.raw.once('close', () => closed.abort())
      const effects = await lease(dispatch, principal, body, closed.signal)
      if (!closed.signal.aborted || effects.length === 0) return { effects }
      // Nobody reads the answer any more: the work is for someone else.
      await release(dispatch, principal.executor, effects)
      return { effects: [] }
    })
    app.post('/v1/executors/heartbeat', options, async (request) => {
      const { executor } = await who(request)
      return heartbeat(dispatch, executor, parse(heartbeatRequest, request.body))
    })
    app.post('/v1/executors/settle', options, async (request) => {
      const { executor } = await who(request)
      const verdicts = await settle(dispatch, executor, parse(settleBody, request.body).outcomes)
      return { verdicts: verdicts.map(({ session, firing, attempt, verdict }) => ({ session, firing, attempt, verdict })) }
    })
    app.post('/v1/executors/errands', options, async (request, reply) => {
      const principal = await who(request)
      const closed = new AbortController()
      reply.raw.once('close', () => closed.abort())
      return errands.poll(principal, parse(errandsRequest, request.body), closed.signal)
    })
    app.post('/v1/executors/errands/settle', options, async (request) => errands.settle(await who(request), parse(settleErrandsRequest, request.body)))
    app.post('/v1/executors/release', options, async (request) => {
      const { executor } = await who(request)
      const { leases, polls } = parse(releaseRequest, request.body)
      dispatch.polls.end(executor)
      return { released: await release(dispatch, executor, [...leases, ...(polls.length > 0 ? await leasedBy(dispatch.db, executor, polls) : [])]) }
    })
  }
}

function answerProblem(dispatch: Dispatch, error: unknown, reply: FastifyReply): FastifyReply {
  const failure = error instanceof Failure ? error : foreign(error)
  if (failure.code === 'internal') dispatch.log.error({ err: error }, 'an executor request failed')
  const { code, status, message: detail, remedy } = failure
  const problem = { type: `urn:agenticos:error:${code}`, title: FAILURES[code].title, status, code, detail, remedy }
  return reply.code(status).type(PROBLEM_TYPE).send(problem)
}

/** Fastify's own refusals (bad JSON, too large) keep their status. */
function foreign(error: unknown): Failure {
  const status = (error as { statusCode?: unknown }).statusCode
  const message = error instanceof Error ? error.message : String(error)
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Failure('bad-request', message, `send JSON of at most ${BODY} bytes`, { cause: error })
  }
  return new Failure('internal', 'the request failed inside the controller', 'try again; the controller log has the cause', { cause: error })
}
