import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '../log.js'
import type { Actor } from './commit.js'
import type { Git } from './git.js'
import { receive } from './receive.js'
import { bodyOf, tooLarge } from './request-body.js'

/** One request of a git client; the API has found out who asks and which of the two they may do. */
export interface GitExchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** what follows the address of the repository: `/info/refs`, `/git-upload-pack`, `/git-receive-pack` */
  readonly path: string
  readonly service: string | undefined
  readonly by: Actor
  readonly mayFetch: boolean
  readonly mayPush: boolean
}

export interface GitServer {
  readonly git: Git
  readonly log: Log
  /** a branch moved; gives the number of its open proposal when there is one */
  readonly pushed: (branch: string, head: string, by: Actor) => Promise<number | undefined>
}

const SERVICES = ['git-upload-pack', 'git-receive-pack'] as const
type Service = (typeof SERVICES)[number]

/** git's smart HTTP protocol, stateless: clone, fetch, and push of branches. */
export async function serveGit(server: GitServer, exchange: GitExchange): Promise<void> {
  const { request, response, path } = exchange
  const name = path === '/info/refs' ? exchange.service : path.slice(1)
  const service = SERVICES.find((one) => one === name)
  response.setHeader('cache-control', 'no-cache, max-age=0, must-revalidate')
  response.setHeader('x-content-type-options', 'nosniff')
  if (!service) return refuse(response, 404, 'This repository speaks git’s smart HTTP protocol alone: git clone this address.')
  if (request.method !== (path === '/info/refs' ? 'GET' : 'POST')) return refuse(response, 405, `${path} is not asked by ${request.method ?? 'this method'}.`)
  if (service === 'git-upload-pack' && !exchange.mayFetch) return refuse(response, 403, 'This token may not read. Ask for one with the scope read: agenticos token create NAME --scope read.')
  if (service === 'git-receive-pack' && !exchange.mayPush) return refuse(response, 403, 'This token may not push. Ask for one with the scope propose: agenticos token create NAME --scope propose.')
  if (path === '/info/refs') return await advertise(server.git, service, exchange)
  const type = `application/x-${service}-request`
  if (request.headers['content-type'] !== type) return refuse(response, 415, `Send ${type}.`)
  if (service === 'git-receive-pack') return await receive(server, exchange)
  await upload(server, exchange)
}

async function advertise(git: Git, service: Service, { request, response }: GitExchange): Promise<void> {
  const { out } = await git.run([service.slice(4), '--stateless-rpc', '--advertise-refs', git.dir], { env: protocolOf(request) })
  const v2 = service === 'git-upload-pack' && out.subarray(4, 13).toString('latin1') === 'version 2'
  response.setHeader('content-type', `application/x-${service}-advertisement`)
  response.end(v2 ? out : Buffer.concat([Buffer.from(announcement(service)), out]))
}

function announcement(service: Service): string {
  const text = `# service=${service}\n`
  return `${(text.length + 4).toString(16).padStart(4, '0')}${text}0000`
}

/** The protocol version that the client asks for; nothing else of its header reaches git. */
function protocolOf(request: IncomingMessage): Record<string, string> {
  const asked = request.headers['git-protocol']
  return typeof asked === 'string' && /^version=[0-2]$/.test(asked) ? { GIT_PROTOCOL: asked } : {}
}

// What a client sends to fetch is a list of commits; packs go the other way.
const LARGEST_FETCH = 8 * 1024 * 1024

async function upload({ git, log }: GitServer, { request, response }: GitExchange): Promise<void> {
  const parts: Buffer[] = []
  try {
    for await (const part of bodyOf(request, LARGEST_FETCH)) parts.push(part)
  } catch (error) {
    return refuse(response, tooLarge(error) ? 413 : 400, (error as Error).message)
  }
  const child = git.start(['upload-pack', '--stateless-rpc', '--strict', git.dir], protocolOf(request))
  response.on('close', () => child.kill())
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => { if (said.length < 4_000) said += chunk.toString('utf8') })
  child.stdin.on('error', () => {})
  response.setHeader('content-type', 'application/x-git-upload-pack-result')
  child.stdout.pipe(response)
  child.stdin.end(Buffer.concat(parts))
  const code = await new Promise<number | null>((resolve) => { child.on('close', resolve); child.on('error', () => resolve(null)) })
  if (code !== 0 && code !== null) log.warn({ code, said: said.slice(0, 500) }, 'A fetch ended early')
}

/** A git client prints such an answer as `remote: ...`. */
export function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.statusCode = status
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.end(`${sentence}\n`)
}
