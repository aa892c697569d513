import type { Resource, ResourceTemplate } from '@modelcontextprotocol/sdk/types.js'
import type { Caller } from '../../../tools/caller.js'
import type { CallTool } from './mcp-server.js'

const SCHEME = 'agenticos://'
const MOST = 500

export const TEMPLATE: ResourceTemplate = {
  uriTemplate: `${SCHEME}{session}/{net}`, name: 'net', title: 'A net', description: 'The whole of a net that runs: places, transitions, arcs.', mimeType: 'application/json',
}

/** The nets that a caller may see, 500 at most, asked for by the tools that show them. */
export async function listNets(caller: Caller, call: CallTool, signal: AbortSignal): Promise<Resource[]> {
  const sessions = caller.session === undefined ? namesIn(await call('LIST_ALL_SESSIONS', {}, signal), 'sessions', 'session') : [caller.session]
  const found: Resource[] = []
  for (const session of sessions) {
    for (const net of namesIn(await call('LIST_SESSION_NETS', { session }, signal), 'nets', 'net')) {
      if (found.length === MOST) return found
      found.push({ uri: `${SCHEME}${session}/${net}`, name: `${session}/${net}`, mimeType: 'application/json' })
    }
  }
  return found
}

/** `session/net` of a resource's address. */
export function netAt(uri: string): string | undefined {
  return /^agenticos:\/\/([a-z][a-z0-9-]{0,62}\/[a-z][a-z0-9-]{0,62})$/.exec(uri)?.[1]
}

function namesIn(answer: unknown, list: string, key: string): string[] {
  const items = (answer as Record<string, Record<string, unknown>[] | undefined>)[list] ?? []
  return items.map((item) => String(item[key] ?? item['name']))
}
