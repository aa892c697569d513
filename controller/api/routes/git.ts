import type { FastifyInstance } from 'fastify'
import { Failure } from '../../errors.js'
import { authenticate, tokenFrom } from '../auth.js'
import type { Context } from '../context.js'
import { EVERYONE, holds } from '../principal.js'

const CHALLENGE = 'Basic realm="agenticos: any user name, an access token as password"'

/** The net repository over git's smart HTTP, at /git/nets.git. Basic auth: any user, an access token as password. */
export function gitRoutes(app: FastifyInstance, { db, forge, log }: Context, auth: boolean): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    // the body is a stream that git reads
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    scope.route({
      method: ['GET', 'POST'],
      url: '/git/nets.git/*',
      schema: { hide: true } as never,
      handler: async (request, reply) => {
        let principal = EVERYONE
        if (auth) {
          try {
            principal = await authenticate(db, tokenFrom(request))
          } catch (error) {
            if (!(error instanceof Failure) || error.status !== 401) throw error
            return reply.code(401).header('www-authenticate', CHALLENGE).type('text/plain; charset=utf-8').send(`${error.message}. Give one as password, with any user name: agenticos token create NAME --scope read\n`)
          }
        }
        // the repository holds every session
        const whole = principal.sessions.includes('*')
        reply.hijack()
        const query = request.query as { service?: string }
        await forge.serve({
          request: request.raw, response: reply.raw, path: `/${(request.params as { '*': string })['*']}`, service: query.service,
          by: { name: principal.name }, mayFetch: whole && holds(principal, 'read'), mayPush: whole && holds(principal, 'propose'),
        }).catch((error: unknown) => {
          log.error({ err: error }, 'a git request failed')
          if (reply.raw.headersSent) reply.raw.destroy()
          else reply.raw.writeHead(500, { 'content-type': 'text/plain' }).end('The controller failed; its log has the cause.\n')
        })
      },
    })
  })
}
