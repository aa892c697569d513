import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Json } from '../../../petri/json.js'
import { API } from '../../../protocol/api.js'
import { offered } from '../../../tools/catalog.js'
import { fail } from '../../errors.js'
import type { Context } from '../context.js'
import { mount } from '../mount.js'
import { callTool } from '../tools/call.js'
import { bearsCapability, callerOf, callerOfPrincipal } from '../tools/caller.js'

/** Tools by HTTP: for agents' loops with a capability, for everybody else with an access token. */
export function toolRoutes(app: FastifyInstance, context: Context): void {
  const caller = async (request: FastifyRequest, tool: string) =>
    bearsCapability(request) ? await callerOf(context, request, tool, true) : callerOfPrincipal(request.principal)

  mount(app, API.listTools, async ({ request }) => {
    const { role } = await caller(request, 'list')
    const items = offered(role).map(({ name, tier, touch, description, parameters }) =>
      ({ name, tier, touch, description, parameters: z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' }) as Json }))
    return { role, items }
  })

  mount(app, API.callTool, async ({ params, body, request, reply }) => {
    const gone = new AbortController()
    const leave = () => gone.abort()
    reply.raw.on('close', leave)
    try {
      const signal = AbortSignal.any([gone.signal, context.hub.signal])
      const key = request.headers['idempotency-key']
      return await callTool(context, await caller(request, params.tool), params.tool, body, { call: numberOf(request), ...(typeof key === 'string' ? { key } : {}), signal }) as never
    } finally {
      reply.raw.off('close', leave)
    }
  })
}

function numberOf(request: FastifyRequest): number | undefined {
  const header = request.headers['x-agenticos-call']
  if (header === undefined) return undefined
  const number = typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) : 0
  if (number >= 1 && number <= 100_000) return number
  return fail('bad-request', 'header x-agenticos-call: a whole number from 1 to 100000', 'count the calls of the firing from 1 on')
}
