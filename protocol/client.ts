import type { z } from 'zod'
import type { ParamsOf, Route } from './api/route.js'
import { problem, type Problem } from './problem.js'

export interface ClientOptions {
  /** `http://127.0.0.1:7070` */
  readonly server: string
  readonly token?: string | undefined
  /** user agent */
  readonly agent?: string
}

/** An answer that is a problem. */
export class ProblemError extends Error {
  readonly problem: Problem
  constructor(told: Problem) {
    super(told.detail)
    this.name = 'ProblemError'
    this.problem = told
  }
}

/** No answer at all: the server is not there, or cut the line. */
export class UnreachableError extends Error {
  readonly server: string
  constructor(server: string, cause: unknown) {
    super(`no answer from ${server}: ${reason(cause)}`, { cause })
    this.name = 'UnreachableError'
    this.server = server
  }
}

export interface Call<P extends string, Q extends z.ZodType, B extends z.ZodType> {
  readonly params?: ParamsOf<P>
  readonly query?: z.input<Q>
  readonly body?: z.input<B>
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
}

export interface Client {
  readonly server: string
  /** calls a route of protocol/api.ts; throws ProblemError or UnreachableError */
  call<P extends string, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
    route: Route<P, Q, B, A>,
    call?: Call<P, Q, B>,
  ): Promise<z.output<A>>
  /** the raw answer, for streams; throws as `call` does when it is not 2xx */
  open<P extends string, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
    route: Route<P, Q, B, A>,
    call?: Call<P, Q, B>,
  ): Promise<Response>
}

/** A client over `fetch` alone: it runs in Node and in a browser. */
export function createClient(options: ClientOptions): Client {
  const server = options.server.replace(/\/+$/, '')
  const open: Client['open'] = async (route, call = {}) => {
    const headers: Record<string, string> = { accept: route.produces ?? 'application/json', ...call.headers }
    if (options.token) headers['authorization'] = `Bearer ${options.token}`
    if (options.agent) headers['user-agent'] = options.agent
    if (call.key) headers['idempotency-key'] = call.key
    const init: RequestInit = { method: route.method, headers }
    if (call.body !== undefined) {
      const raw = typeof call.body === 'string'
      headers['content-type'] ??= raw ? 'application/x-ndjson' : 'application/json'
      init.body = raw ? (call.body as string) : JSON.stringify(call.body)
    }
    if (call.signal) init.signal = call.signal
    const address = server + fillPath(route.path, call.params) + queryText(call.query)
    // what may be sent twice is: a kept line may have been closed by the other side just now
    const again = route.method === 'GET' || call.key !== undefined
    const answer = await fetch(address, init).catch(async (cause: unknown) => {
      if (call.signal?.aborted) throw cause
      if (again && !refused(cause)) return fetch(address, init).catch((second: unknown) => { throw new UnreachableError(server, second) })
      throw new UnreachableError(server, cause)
    })
    if (!answer.ok) throw new ProblemError(await readProblem(answer))
    return answer
  }
  const call: Client['call'] = async (route, given) => {
    const answer = await open(route, given)
    const read = route.answer.safeParse(await answer.json())
    if (!read.success) {
      throw new ProblemError(foreign(answer.status, `${route.path} answered in another shape: ${read.error.issues[0]?.path.join('.')} ${read.error.issues[0]?.message}`))
    }
    return read.data as never
  }
  return { server, open, call }
}

/** Nobody listens there: a second try at once would find the same. */
function refused(cause: unknown): boolean {
  const inner = cause instanceof Error ? cause.cause : undefined
  return typeof inner === 'object' && inner !== null && 'code' in inner && (inner.code === 'ECONNREFUSED' || inner.code === 'ENOTFOUND')
}

function fillPath(path: string, params: Readonly<Record<string, string | number>> | undefined): string {
  return path.replace(/:([a-z]+)/gi, (_, name: string) => encodeURIComponent(String(params?.[name] ?? '')))
}

function queryText(query: unknown): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) if (value !== undefined) search.set(key, String(value))
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

async function readProblem(answer: Response): Promise<Problem> {
  const text = await answer.text()
  try {
    const read = problem.safeParse(JSON.parse(text))
    if (read.success) return read.data
  } catch {
    // not ours: a proxy's page
  }
  return foreign(answer.status, `the server answered ${answer.status} without a problem report: ${text.slice(0, 200)}`)
}

function foreign(status: number, detail: string): Problem {
  return {
    type: 'about:blank', title: 'Not an AgenticNetsOS answer', status, code: 'foreign-answer', detail,
    remedy: 'check that the server address points at an AgenticNetsOS controller of this version',
  }
}

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const inner = cause.cause
  return inner instanceof Error ? inner.message || ('code' in inner ? String(inner.code) : cause.message) : cause.message
}
