import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '../../../petri/json.js'
import type { Usage } from '../../../petri/models.js'
import { spoken, type Reply, type Script, type ScriptedRequest } from './reply.js'
import { readRequest } from './request.js'
import { fail, say } from './speak.js'
import { counted, type Counting } from './usage.js'
import { ollamaWire, openaiWire } from './wires.js'

export interface ScriptedCallSeen {
  readonly request: ScriptedRequest
  /** its key had been answered before: the same again, not charged */
  readonly repeated: boolean
  readonly reply: Reply
  /** what is charged for it; undefined for faults and repeats */
  readonly usage: Usage | undefined
  /** `whole`: all was sent; `cut`: the connection closed before */
  readonly ended: Promise<'whole' | 'cut'>
}

export interface ScriptedModel {
  /** base of the OpenAI wire: http://127.0.0.1:PORT/v1 */
  readonly url: string
  /** base of the Ollama wire: http://127.0.0.1:PORT */
  readonly ollamaUrl: string
  /** every model call, in the order of arrival */
  readonly calls: readonly ScriptedCallSeen[]
  /** all that was charged: a repeated key is not */
  readonly charged: Usage & { readonly calls: number }
  script(script: Script): void
  /** resolves when that many calls have arrived since the start */
  arrived(count: number): Promise<void>
  close(): Promise<void>
}

interface Options {
  readonly counting?: Counting
  /** what GET /v1/models and /api/tags list; any other model is 404 where it is given */
  readonly models?: readonly string[]
  readonly port?: number
  /** a key that Authorization must carry */
  readonly apiKey?: string
}

/**
 * A model server of ours on loopback: the real OpenAI and Ollama wires, said by a script.
 *   const model = await startScriptedModel(); afterAll(() => model.close())
 *   model.script([{ calls: [{ name: 'THINK', input: { text: 'hm' } }] }, { fault: 'rate-limited', retryAfter: 1 }, { text: 'done' }])
 *   model.script((request) => request.turn === 0 ? { text: `you said ${request.last}` } : { fault: 'hang' })
 */
export async function startScriptedModel(options: Options = {}): Promise<ScriptedModel> {
  const calls: ScriptedCallSeen[] = []
  const answered = new Map<string, Promise<Reply>>()
  const charged = { calls: 0, input: 0, cached: 0, output: 0 }
  const waiting: { readonly count: number, readonly wake: () => void }[] = []
  let script: Script = []
  let next = 0

  const decide = async (request: ScriptedRequest): Promise<Reply> => {
    if (typeof script === 'function') return script(request)
    return script[next++] ?? { fault: 'status', status: 400, message: `the script has no answer ${next}: add one, or write it as a function` }
  }
  const chat = async (wire: 'openai' | 'ollama', message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = JSON.parse(await bodyOf(message)) as JsonObject
    const { authorization, 'idempotency-key': key } = message.headers
    const request = readRequest(wire, body, { authorization, key: key as string | undefined })
    const speech = (wire === 'openai' ? openaiWire : ollamaWire)(request)
    const ended = new Promise<'whole' | 'cut'>((resolve) => response.once('close', () => resolve(response.writableFinished ? 'whole' : 'cut')))
    const refuse = (status: number, why: string): Promise<void> => fail(response, speech, { fault: 'status', status, message: why })
    if (options.apiKey !== undefined && authorization !== `Bearer ${options.apiKey}`) return refuse(401, 'Incorrect API key provided')
    if (options.models !== undefined && !options.models.includes(request.model)) return refuse(404, `model '${request.model}' not found`)

    // A repeated one waits for the first with its key, and is told the same; what went wrong is another matter each time.
    const before = key === undefined ? undefined : answered.get(key as string)
    const told = before === undefined ? undefined : await before
    const repeated = told !== undefined && !('fault' in told)
    const deciding = repeated ? undefined : decide(request).then((reply) => spoken(reply, request))
    if (key !== undefined && deciding !== undefined) {
      deciding.catch(() => {})
      answered.set(key as string, deciding)
    }
    const reply = repeated ? told : await deciding!
    const said = 'fault' in reply ? undefined : reply
    const usage = said === undefined ? undefined : counted(request, said, options.counting ?? 'quarters')
    if (said !== undefined && !repeated) {
      charged.calls += 1
      for (const kind of ['input', 'cached', 'output'] as const) charged[kind] += usage![kind]
    }
    calls.push({ request, repeated, reply, usage: repeated ? undefined : usage, ended })
    for (const one of waiting) if (calls.length >= one.count) one.wake()
    if ('fault' in reply) await fail(response, speech, reply)
    else await say(response, speech, request, reply, reply.usage === null ? undefined : usage)
  }

  const server = createServer((message, response) => {
    const json = (value: unknown, status = 200): unknown => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    const names = options.models ?? ['scripted']
    switch (`${message.method} ${message.url}`) {
      case 'POST /v1/chat/completions':
      case 'POST /api/chat':
        void chat(message.url === '/api/chat' ? 'ollama' : 'openai', message, response)
          .catch((error: unknown) => response.headersSent ? response.destroy() : json({ error: { message: `scripted model: ${String(error)}` } }, 400))
        return
      case 'GET /v1/models':
        return void json({ object: 'list', data: names.map((id) => ({ id, object: 'model', created: 0, owned_by: 'script' })) })
      case 'GET /api/tags':
        return void json({ models: names.map((name) => ({ name, model: name, size: 1, details: { family: 'script' } })) })
      case 'GET /api/version':
        return void json({ version: '0.17.4' })
      default:
        return void json({ error: `no ${message.method} ${message.url} here` }, 404)
    }
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const ollamaUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `${ollamaUrl}/v1`, ollamaUrl, calls, charged,
    script(given) {
      script = given
      next = 0
    },
    arrived: (count) => new Promise((wake) => (calls.length >= count ? wake() : waiting.push({ count, wake }))),
    close: () => new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
  }
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
