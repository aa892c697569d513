import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../../tools/tool.js'
import { fail, Failure } from '../../errors.js'
import type { Context } from '../context.js'
import { callTool } from '../tools/call.js'
import { callerOf } from '../tools/caller.js'
import { foreign } from './foreign.js'
import { mcpServer } from './mcp-server.js'

// a. Nothing is kept between requests: each is authenticated by itself, so a token that is revoked, or a capability whose
//    firing is over, is refused at the next request. Every API behind a balancer answers alike.
// b. Requests from pages, or by names that are not ours, are refused before anything is read. No answer allows other origins.

interface Given {
  readonly auth: boolean
  readonly publicUrl: string | undefined
}

const BODY = 9 * 1024 * 1024
const PASSED = ['accept', 'content-type', 'mcp-protocol-version', 'last-event-id']

/** The tools by MCP, over streamable HTTP at /mcp. */
export function mcpRoutes(app: FastifyInstance, context: Context, { auth, publicUrl }: Given): void {
  const own = (request: FastifyRequest): void => {
    const why = foreign(request.headers.host, request.headers.origin, publicUrl)
    if (why !== undefined) fail('forbidden', why, 'call this controller by its address or by the name in AGENTICOS_PUBLIC_URL, and from no page of another site')
  }

  app.post('/mcp', { bodyLimit: BODY, schema: { hide: true }, onRequest: async (request) => own(request) }, async (request, reply) => {
    const gone = new AbortController()
    const leave = (): void => gone.abort()
    reply.raw.on('close', leave)
    const call = numberOf(request)
    const caller = await callerOf(context, request, toolIn(request.body), auth)
    const over = AbortSignal.any([gone.signal, context.hub.signal])
    const server = mcpServer(caller, context.version, async (name, input, signal) => {
      try {
        return await callTool(context, caller, name, input, { signal: AbortSignal.any([signal, over]), ...(call === undefined ? {} : { call }) })
      } catch (error) {
        if (error instanceof Refusal || error instanceof Failure) throw error
        context.log.error({ err: error, tool: name }, 'a tool call by MCP failed')
        return fail('internal', 'the controller failed at this call', 'its log has the cause; try again, and report it if it stays')
      }
    })
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
    const end = (): void => void server.close()
    over.addEventListener('abort', end, { once: true })
    try {
      await server.connect(transport)
      return await send(reply, await transport.handleRequest(webRequest(request), { parsedBody: request.body }))
    } finally {
      reply.raw.off('close', leave)
      over.removeEventListener('abort', end)
      await server.close()
    }
  })
  for (const method of ['GET', 'DELETE'] as const) {
    app.route({
      method, url: '/mcp', schema: { hide: true }, onRequest: async (request) => own(request),
      // No streams of ours and no sessions: the protocol wants 405 for that.
      handler: async (_request, reply) => {
        void reply.header('allow', 'POST')
        return fail('wrong-method', `/mcp does not know ${method}: it keeps no sessions and streams nothing by itself`, 'POST requests to it, as clients of streamable HTTP do')
      },
    })
  }
}

function webRequest(request: FastifyRequest): Request {
  const headers = new Headers()
  for (const name of PASSED) {
    const value = request.headers[name]
    if (typeof value === 'string') headers.set(name, value)
  }
  return new Request('http://controller/mcp', { method: 'POST', headers })
}

async function send(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  const type = response.headers.get('content-type')
  if (type !== null) void reply.type(type)
  const text = await response.text()
  return reply.code(response.status).serializer((body: unknown) => body as string).send(text)
}

/** The tool that the body asks for, for the record of a refusal. */
function toolIn(body: unknown): string {
  const { method, params } = (body ?? {}) as { method?: unknown, params?: { name?: unknown } }
  return method === 'tools/call' && typeof params?.name === 'string' ? params.name : `mcp ${String(method).slice(0, 40)}`
}

function numberOf(request: FastifyRequest): number | undefined {
  const text = request.headers['x-agenticos-call']
  return typeof text === 'string' && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined
}
