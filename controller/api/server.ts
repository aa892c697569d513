import fastifyRateLimit from '@fastify/rate-limit'
import fastifySwagger from '@fastify/swagger'
import fastify, { type FastifyInstance } from 'fastify'
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { nearest } from '../../petri/nearest.js'
import { API } from '../../protocol/api.js'
import type { Forge } from '../forge/forge.js'
import type { Log } from '../log.js'
import { metrics } from '../metrics.js'
import type { Database } from '../store/database.js'
import { createApplied } from './applied.js'
import { authorizer } from './auth.js'
import { readBodies } from './body.js'
import type { Context } from './context.js'
import { createDecisions } from './decisions.js'
import { createHub } from './hub.js'
import { hangUp } from './hang-up.js'
import { refuseConnection } from './refuse-connection.js'
import { mcpRoutes } from './mcp/routes.js'
import { createPoster } from './poster.js'
import { createReservations } from './reservations.js'
import { makeProblem, readThrown, sendProblem } from './problem.js'
import { EVERYONE, NOBODY } from './principal.js'
import { accessRoutes } from './routes/access.js'
import { changeRoutes } from './routes/change.js'
import { gitRoutes } from './routes/git.js'
import { historyRoutes } from './routes/history.js'
import { lifecycleRoutes } from './routes/lifecycle.js'
import { modelCheckRoutes } from './routes/model-check.js'
import { modelRoutes } from './routes/models.js'
import { netRoutes } from './routes/nets.js'
import { placeRoutes } from './routes/places.js'
import { putRoutes } from './routes/puts.js'
import { statusRoutes } from './routes/status.js'
import { systemRoutes } from './routes/system.js'
import { tokenRoutes } from './routes/tokens.js'
import { toolRoutes } from './routes/tools.js'
import { workRoutes } from './routes/work.js'
import { bearsCapability } from './tools/caller.js'
import { createToolParts } from './tools/parts.js'

export interface ApiOptions {
  readonly db: Database
  readonly forge: Forge
  readonly log: Log
  /** aborted: streams end, waits are cut short, `/readyz` says no; then call `close()` */
  readonly signal: AbortSignal
  readonly config: {
    readonly version: string
    /** on unless switched off */
    readonly auth?: boolean
    /** requests a second from one address; 5,000 unless given */
    readonly requestsPerSecond?: number
    /** where others reach this API, if not at its own address */
    readonly publicUrl?: string | undefined
  }
}

const HEADERS = {
  'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin', 'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}

/** The whole API on one Fastify instance, not yet listening; main.ts mounts the executors' protocol beside it. */
export async function createApi({ db, forge, log, config, signal }: ApiOptions): Promise<FastifyInstance> {
  const app = fastify({
    logger: false, bodyLimit: 64 * 1024, routerOptions: { maxParamLength: 600, caseSensitive: true }, requestTimeout: 120_000, keepAliveTimeout: 65_000, connectionTimeout: 0,
    forceCloseConnections: 'idle', return503OnClosing: false, exposeHeadRoutes: false,
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, readThrown(error) ?? makeProblem({ code: 'bad-request', message: error.message, remedy: '/docs lists every address' })),
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.decorateRequest('principal')
  app.addHook('onRequest', async (request, reply) => {
    request.principal = EVERYONE
    void reply.headers(HEADERS)
  })
  app.addHook('preClose', async () => hangUp(app.server))
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    const labels = { route, method: request.method }
    metrics.requests.inc({ ...labels, status: `${Math.floor(reply.statusCode / 100)}xx` })
    metrics.requestSeconds.observe(labels, reply.elapsedTime / 1000)
    if (request.method !== 'GET' && request.principal !== EVERYONE) {
      // who changed what; puts and what agents call are told by their events
      const level = request.routeOptions.config.scope === 'put' || request.principal === NOBODY ? 'debug' : 'info'
      log[level]({ route, method: request.method, status: reply.statusCode, by: request.principal.name, ms: Math.round(reply.elapsedTime) }, 'a change was asked for')
    }
  })
  app.setErrorHandler((error: Error, request, reply) => {
    const told = readThrown(error, request)
    // A body that is too large is read to its end and thrown away: a client cut off while it writes never sees why.
    if (told?.status === 413) reply.removeHeader('connection')
    if (told) return sendProblem(reply, told)
    log.error({ err: error, route: request.routeOptions.url, method: request.method }, 'a request failed')
    return sendProblem(reply, makeProblem({ code: 'internal', message: 'the controller failed at this request', remedy: 'its log has the cause; try again, and report it if it stays' }))
  })
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!
    const methods = methodsAt(path)
    if (methods.length > 0) {
      reply.header('allow', methods.join(', '))
      return sendProblem(reply, makeProblem({ code: 'wrong-method', message: `${path.slice(0, 200)} does not know ${request.method}`, remedy: `ask with ${methods.join(' or ')}; /docs lists every address` }))
    }
    const near = nearest(path, Object.values(API).map((route) => route.path))
    return sendProblem(reply, makeProblem({ code: 'not-found', message: `there is nothing at ${request.method} ${path.slice(0, 200)}`, remedy: `${near ? `did you mean ${near}? ` : ''}/docs lists every address` }))
  })

  const hub = createHub(db, log, signal)
  const context: Context = { db, forge, log, hub, decisions: createDecisions(db, hub, log), poster: createPoster(db), applied: createApplied(db), reservations: createReservations(db), tools: createToolParts(db), version: config.version }
  const auth = config.auth ?? true
  await app.register(async (scope) => {
    readBodies(scope)
    await scope.register(fastifySwagger, {
      openapi: {
        openapi: '3.1.0',
        info: { title: 'AgenticNetsOS', version: config.version, description: 'Petri nets kept in git, running in Postgres.' },
        components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'an access token: ant_<id>_<secret>' } } },
      },
      transform: jsonSchemaTransform,
    })
    await scope.register(fastifyRateLimit, {
      max: config.requestsPerSecond ?? 5_000, timeWindow: 1_000, hook: 'onRequest', keyGenerator: (request) => request.ip,
    })
    const authorize = authorizer(db, auth)
    // after the rate limit, before the body is read
    scope.addHook('preParsing', async (request) => {
      const { scope: wanted, capability } = request.routeOptions.config
      if (capability === true && bearsCapability(request)) request.principal = NOBODY
      else if (wanted !== null && wanted !== undefined) request.principal = await authorize(request, wanted)
    })
    for (const routes of [statusRoutes, netRoutes, placeRoutes, tokenRoutes, putRoutes, workRoutes, lifecycleRoutes, historyRoutes, changeRoutes, accessRoutes, modelRoutes, modelCheckRoutes, toolRoutes]) routes(scope, context)
    mcpRoutes(scope, context, { auth, publicUrl: config.publicUrl })
    systemRoutes(scope, context, { closing: () => signal.aborted })
  })
  gitRoutes(app, context, auth)
  return app
}

/** The methods that an address of ours knows. */
function methodsAt(path: string): string[] {
  const parts = path.split('/')
  const here = Object.values(API).filter((route) => {
    const own = route.path.split('/')
    return own.length === parts.length && own.every((part, nth) => part === parts[nth] || part.startsWith(':'))
  })
  return [...new Set(here.map((route) => route.method))]
}
