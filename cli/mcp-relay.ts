import type { Readable, Writable } from 'node:stream'
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { isInitializedNotification, isJSONRPCRequest, type JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import type { Shell } from './shell.js'

/** JSON-RPC: the other side could not be asked. */
const UNREACHED = -32_000

/**
 * Hands MCP messages from standard input to the controller and its answers to standard output, until the input ends or
 * the shell is stopped. It knows no tools: what the caller may do is settled by the controller alone.
 */
export async function relayMcp(shell: Shell): Promise<void> {
  const { server, token } = shell.connection()
  const headers: Record<string, string> = { 'user-agent': `agenticos/${shell.version}`, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
  // A request that is cancelled is hung up: that is how the controller, which keeps nothing, hears of it.
  const cancels = new Map<string, AbortController>()
  const fetchOne: typeof fetch = (url, init) => {
    const cancel = cancels.get(idIn(init?.body))
    return fetch(url, { ...init, signal: AbortSignal.any([shell.signal, ...(init?.signal ? [init.signal] : []), ...(cancel ? [cancel.signal] : [])]) })
  }
  const far = new StreamableHTTPClientTransport(new URL(`${server}/mcp`), { requestInit: { headers }, fetch: fetchOne as never })
  const near = new StdioServerTransport(shell.input as Readable, shell.out as unknown as Writable)
  const underWay = new Set<Promise<void>>()

  const answer = (message: JSONRPCMessage): void => {
    if ('result' in message && typeof message.result['protocolVersion'] === 'string') far.setProtocolVersion(message.result['protocolVersion'])
    void near.send(message)
  }
  const ask = async (message: JSONRPCMessage): Promise<void> => {
    // The controller keeps no session: this notice would only make a client look for a stream that is not there.
    if (isInitializedNotification(message)) return
    if ('method' in message && message.method === 'notifications/cancelled') return cancels.get(String(message.params?.['requestId']))?.abort()
    const cancel = new AbortController()
    if (isJSONRPCRequest(message)) cancels.set(String(message.id), cancel)
    try {
      await far.send(message)
    } catch (error) {
      if (shell.signal.aborted || cancel.signal.aborted) return
      const why = reason(error, server)
      if (isJSONRPCRequest(message)) await near.send({ jsonrpc: '2.0', id: message.id, error: { code: UNREACHED, message: why } })
      else shell.warn(`mcp: ${why}`)
    } finally {
      if (isJSONRPCRequest(message)) cancels.delete(String(message.id))
    }
  }
  far.onmessage = answer
  far.onerror = () => {}
  near.onmessage = (message) => {
    const asking = ask(message).finally(() => underWay.delete(asking))
    underWay.add(asking)
  }
  near.onerror = (error) => shell.warn(`mcp: ${error.message}`)

  await far.start()
  await near.start()
  await new Promise<void>((resolve) => {
    shell.input.once('end', resolve)
    shell.input.once('close', resolve)
    shell.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await Promise.all(underWay)
  await far.close()
  await near.close()
}

function idIn(body: unknown): string {
  return typeof body === 'string' ? String((JSON.parse(body) as { id?: unknown }).id) : ''
}

/** What the controller said, or that it did not. */
function reason(error: unknown, server: string): string {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof StreamableHTTPError || /HTTP \d{3}/.test(message)) {
    const problem = /\{.*\}/s.exec(message)?.[0]
    const told = problem === undefined ? undefined : detailIn(problem)
    return told ?? message
  }
  return `no answer from ${server}: ${message}`
}

function detailIn(text: string): string | undefined {
  try {
    const { detail, remedy } = JSON.parse(text) as { detail?: unknown, remedy?: unknown }
    return typeof detail === 'string' ? `${detail}; ${String(remedy ?? '')}` : undefined
  } catch {
    return undefined
  }
}
