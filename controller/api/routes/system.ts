import type { FastifyInstance } from 'fastify'
import { exposition, registry } from '../../metrics.js'
import { ping } from '../../store/sessions/ping.js'
import type { Context } from '../context.js'
import { docsPage } from '../docs-page.js'
import { makeProblem, sendProblem } from '../problem.js'

interface Watched {
  readonly closing: () => boolean
}

/** Health, metrics, and the API's own description. */
export function systemRoutes(app: FastifyInstance, { db, version }: Context, { closing }: Watched): void {
  const open = { config: { scope: null }, schema: { hide: true } } as const

  app.get('/livez', open, async () => ({ status: 'ok', version }))

  app.get('/readyz', open, async (_request, reply) => {
    if (closing()) return sendProblem(reply, makeProblem({ code: 'shutting-down', message: 'the controller is shutting down', remedy: 'ask another one' }))
    try {
      await ping(db)
    } catch (cause) {
      return sendProblem(reply, makeProblem({ code: 'database-unreachable', message: 'the database does not answer', remedy: 'see the log of the controller and that of Postgres' }))
    }
    return { status: 'ok', version }
  })

  app.get('/metrics', { config: { scope: 'read' }, schema: { hide: true } }, async (_request, reply) =>
    reply.header('content-type', registry.contentType).send(await exposition()))

  app.get('/openapi.json', open, async () => app.swagger())

  app.get('/docs', open, async (_request, reply) =>
    reply.header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
      .send(docsPage(version)))

  app.get('/', open, async (_request, reply) => reply.redirect('/docs', 302))
}
