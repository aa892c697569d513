import { Agent, EnvHttpProxyAgent, type Dispatcher, request } from 'undici'
import type { z } from 'zod'
import { problem, type Problem } from '../protocol/problem.js'

/** The controller answered with a refusal. */
export class Refused extends Error {
  readonly status: number
  readonly code: string
  readonly remedy: string
  /** the whole of what was said, where it came in our form */
  readonly problem: Problem | undefined
  constructor(status: number, code: string, message: string, remedy: string, told?: Problem) {
    super(message)
    this.name = 'Refused'
    this.status = status
    this.code = code
    this.remedy = remedy
    this.problem = told
  }
}

/** Whether asking again later can help: no answer at all, a proxy's, or a controller in trouble. */
export function passes(error: unknown): boolean {
  return !(error instanceof Refused) || error.status >= 500 || error.status === 429 || error.status === 408
}

/** Another token than the executor's own, and headers besides. */
export interface As {
  readonly token: string
  readonly headers: Readonly<Record<string, string>>
}

export interface ControllerClient {
  token: string
  post<A extends z.ZodType>(path: string, body: unknown, answer: A, timeoutMs: number, signal?: AbortSignal, as?: As): Promise<z.output<A>>
  close(): Promise<void>
}

/** Posts to the controller over kept-alive connections; HTTPS_PROXY and NO_PROXY are honoured. */
export function controllerClient(url: string, token: string): ControllerClient {
  const proxied = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => process.env[name])
  const options = { keepAliveTimeout: 30_000, connect: { timeout: 10_000 } }
  const dispatcher: Dispatcher = proxied ? new EnvHttpProxyAgent(options) : new Agent(options)
  const client: ControllerClient = {
    token,
    async post(path, body, answer, timeoutMs, signal, as) {
      const response = await request(url + path, {
        method: 'POST', dispatcher, body: JSON.stringify(body), headersTimeout: timeoutMs, bodyTimeout: timeoutMs,
        headers: { ...as?.headers, authorization: `Bearer ${as?.token ?? client.token}`, 'content-type': 'application/json' },
        signal: signal ?? null,
      })
      const text = await response.body.text()
      const json = parse(text)
      if (response.statusCode >= 300) throw refusal(response.statusCode, json, text)
      const read = answer.safeParse(json)
      if (!read.success) {
        throw new Refused(502, 'foreign-answer', `${url}${path} answered ${response.statusCode} in another shape: ${text.slice(0, 200)}`,
          'check AGENTICOS_URL, and that no proxy answers in place of the controller')
      }
      return read.data
    },
    close: () => dispatcher.destroy(),
  }
  return client
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function refusal(status: number, json: unknown, text: string): Refused {
  const told = problem.safeParse(json)
  if (told.success) return new Refused(status, told.data.code, told.data.detail, told.data.remedy, told.data)
  return new Refused(status, 'foreign-answer', `status ${status}: ${text.slice(0, 200)}`, 'check AGENTICOS_URL, and what stands between')
}
