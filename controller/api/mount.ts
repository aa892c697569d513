import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { PARAMS, type ParamNames, type ParamsOf, type Route } from '../../protocol/api/route.js'
import { ROUTES } from '../../protocol/api.js'
import { problem } from '../../protocol/problem.js'
import type { Principal } from './principal.js'
import { requireSession } from './principal.js'

/** What a handler gets: everything checked already. */
export interface Asked<P extends string, Q, B> {
  readonly params: { readonly [N in ParamNames<P>]: string }
  readonly query: Q
  readonly body: B
  readonly principal: Principal
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

const READ_LIMIT = 64 * 1024
const NAMES = new Map([...ROUTES].map(([name, route]) => [route, name]))

/** Puts one route of protocol/api.ts on the server: its checks, scope and session cover come with it. */
export function mount<P extends string, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  app: FastifyInstance,
  route: Route<P, Q, B, A>,
  handle: (asked: Asked<P, z.output<Q>, z.output<B>>) => Promise<z.output<A> | FastifyReply>,
): void {
  const names = [...route.path.matchAll(/:([a-z]+)/gi)].map((match) => match[1]!)
  const params = z.strictObject(Object.fromEntries(names.map((name) => [name, PARAMS[name as keyof typeof PARAMS]])))
  const produces = route.produces ?? 'application/json'
  app.route({
    method: route.method,
    url: route.path,
    bodyLimit: route.bodyLimit ?? READ_LIMIT,
    config: { scope: route.scope, ...(route.capability ? { capability: true } : {}) },
    schema: {
      operationId: NAMES.get(route as unknown as Route),
      summary: route.title,
      ...(route.consumes ? { consumes: route.consumes } : {}),
      tags: [route.path.split('/')[2] ?? 'api'],
      description: route.scope === null ? 'Open to all.' : `Scope: ${route.scope}.`,
      ...(route.scope === null ? {} : { security: [{ bearer: [] }] }),
      ...(names.length > 0 ? { params } : {}),
      querystring: route.query,
      ...(route.method === 'POST' ? { body: route.body } : {}),
      response: {
        '2xx': route.produces ? { description: route.title, content: { [produces]: { schema: z.string() } } } : route.answer,
        default: { description: 'A problem report (RFC 9457)', content: { 'application/problem+json': { schema: problem } } },
      },
    } as never,
    handler: async (request, reply) => {
      const given = request.params as ParamsOf<P> & { session?: string }
      if (given.session !== undefined) requireSession(request.principal, given.session)
      return handle({
        params: given as unknown as Asked<P, unknown, unknown>['params'],
        query: request.query as z.output<Q>,
        body: request.body as z.output<B>,
        principal: request.principal,
        request,
        reply,
      })
    },
  })
}

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal
  }
  interface FastifyContextConfig {
    /** scope that the access token must hold; null: open to all; undefined: the route checks by itself */
    scope?: import('../../protocol/api/route.js').Scope | null
    /** the capability of an agent's firing opens it too: the route asks for it by itself */
    capability?: boolean
  }
}
