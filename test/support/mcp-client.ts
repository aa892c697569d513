import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { runCli } from '../../cli/run.js'
import { createShell } from '../../cli/shell.js'

export interface McpCalled {
  readonly isError: boolean
  /** the answer, or {code, message, remedy} */
  readonly value: any
}

/** The official client, as coding agents have it, over streamable HTTP. Close it. */
export async function mcpByHttp(url: string, token: string, headers: Readonly<Record<string, string>> = {}): Promise<Client> {
  return connected(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers: { authorization: `Bearer ${token}`, ...headers } } }))
}

/** The same over `agenticos mcp`, a process of its own. */
export async function mcpByStdio(url: string, token: string): Promise<Client> {
  const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  return connected(new StdioClientTransport({
    command: process.execPath, args: [file('./run-ts.mjs'), file('../../cli/main.ts'), 'mcp'], cwd: file('../..'),
    env: { PATH: process.env['PATH'] ?? '', AGENTICOS_SERVER: url, AGENTICOS_TOKEN: token },
  }))
}

/** The same command in this process: the other end of its standard input and output. */
export async function mcpByRelay(url: string, token: string): Promise<Client> {
  const [input, out] = [new PassThrough(), new PassThrough()]
  const shell = createShell({ out, err: process.stderr, input, env: { AGENTICOS_SERVER: url, AGENTICOS_TOKEN: token }, cwd: '/', signal: new AbortController().signal, version: '0.0.0-test' })
  const running = runCli(shell, ['mcp'])
  const client = await connected(new StdioServerTransport(out, input))
  client.onclose = () => {
    input.end()
    void running
  }
  return client
}

async function connected(transport: StreamableHTTPClientTransport | StdioClientTransport | StdioServerTransport): Promise<Client> {
  const client = new Client({ name: 'unrelated', version: '1.0.0' })
  await client.connect(transport as never)
  return client
}

/** One call, and what came of it. */
export async function mcpCall(client: Client, name: string, input: Record<string, unknown> = {}): Promise<McpCalled> {
  const { isError, content } = await client.callTool({ name, arguments: input })
  const [first] = content as { type: string, text: string }[]
  return { isError: isError === true, value: JSON.parse(first!.text) }
}
