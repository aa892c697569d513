import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import {
  CallToolRequestSchema, ErrorCode, ListResourcesRequestSchema, ListResourceTemplatesRequestSchema, ListToolsRequestSchema, McpError, ReadResourceRequestSchema,
  type CallToolResult, type Tool as OfferedTool,
} from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import type { Json } from '../../../petri/json.js'
import { offered } from '../../../tools/catalog.js'
import type { Caller } from '../../../tools/caller.js'
import { Refusal, type Tool } from '../../../tools/tool.js'
import { Failure } from '../../errors.js'
import { instructions } from './instructions.js'
import { listNets, netAt, TEMPLATE } from './resources.js'

/** Calls a tool for the caller of this request: the one point where calls are authorised. */
export type CallTool = (name: string, input: Json, signal: AbortSignal) => Promise<unknown>

/** It would check what clients answer to questions of ours, of which there are none; making the usual one costs more than a whole call. */
const NO_VALIDATOR = {
  getValidator: (): never => {
    throw new Error('this server asks its clients nothing')
  },
}

/** A server for one caller. Its list is cut to the caller's role; what is not in it is refused where every call is. */
export function mcpServer(caller: Caller, version: string, call: CallTool): Server {
  const server = new Server({ name: 'agenticos', title: 'AgenticNetsOS', version }, {
    capabilities: { tools: {}, resources: {} }, instructions: instructions(caller), jsonSchemaValidator: NO_VALIDATOR,
  })

  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [...offered(caller.role)].map(described) }))
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => answered(() => call(params.name, (params.arguments ?? {}) as Json, signal)))
  server.setRequestHandler(ListResourcesRequestSchema, async (_request, { signal }) => ({ resources: await refusedAsError(() => listNets(caller, call, signal)) }))
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: [TEMPLATE] }))
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }, { signal }) => {
    const net = netAt(uri)
    if (net === undefined) throw new McpError(ErrorCode.InvalidParams, `${uri} is no resource here: write agenticos://SESSION/NET`)
    const told = await refusedAsError(() => call('GET_NET_STRUCTURE', { net }, signal))
    return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(told) }] }
  })
  return server
}

const shown = new WeakMap<Tool, OfferedTool>()

/** A tool as clients see it; made once, since it is the same for everybody. */
function described(tool: Tool): OfferedTool {
  const known = shown.get(tool)
  if (known !== undefined) return known
  const { $schema: _, ...inputSchema } = z.toJSONSchema(tool.parameters, { io: 'input', unrepresentable: 'any' })
  const made: OfferedTool = {
    name: tool.name,
    description: tool.description,
    inputSchema: inputSchema as OfferedTool['inputSchema'],
    annotations: { readOnlyHint: tool.touch === 'reads', destructiveHint: /^(DELETE|STOP|DOCKER_STOP)/.test(tool.name), openWorldHint: tool.touch === 'outside' },
  }
  shown.set(tool, made)
  return made
}

/** A refusal is an answer that says it is one: the model reads it, and may do better. */
async function answered(run: () => Promise<unknown>): Promise<CallToolResult> {
  try {
    return { content: [{ type: 'text', text: JSON.stringify(await run()) }] }
  } catch (error) {
    const told = refusalIn(error)
    if (told === undefined) throw error
    return { isError: true, content: [{ type: 'text', text: JSON.stringify(told) }] }
  }
}

async function refusedAsError<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const told = refusalIn(error)
    throw told === undefined ? error : new McpError(ErrorCode.InvalidRequest, `${told.code}: ${told.message}; ${told.remedy}`)
  }
}

function refusalIn(error: unknown): { code: string, message: string, remedy: string, details?: unknown } | undefined {
  if (!(error instanceof Refusal) && !(error instanceof Failure)) return undefined
  const { code, message, remedy, details } = error
  return { code, message, remedy, ...(details === undefined ? {} : { details }) }
}
