import type { HttpRequest, SealedText } from '../../protocol/effect.js'
import { CredentialRefused, type Credentials } from '../credentials.js'

/** One request as it goes over the wire; the next one after a redirect is made of it. */
export interface Wire {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** Headers that belong to the connection, not to the request. */
const OURS = new Set(['host', 'content-length', 'transfer-encoding', 'connection', 'keep-alive', 'upgrade', 'te', 'trailer', 'expect', 'proxy-authorization', 'proxy-connection'])
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** A request that cannot be sent as it is written. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest'
}

/** Fills the credential holes and writes the body. Throws BadRequest or CredentialRefused. */
export function wireOf(request: HttpRequest, idempotencyKey: string, credentials: Credentials): Wire {
  if (!URL.canParse(request.url)) throw new BadRequest('the URL is none')
  const url = new URL(request.url)
  url.hash = ''
  const fill = (text: SealedText): string => {
    if (typeof text !== 'string' && url.protocol !== 'https:' && !isLocal(url)) {
      throw new CredentialRefused('a credential goes over https only, or to this machine')
    }
    return credentials.fill(text, url.hostname)
  }
  for (const [name, value] of request.query) url.searchParams.append(name, fill(value))
  const headers: Record<string, string> = { 'user-agent': 'agenticos-executor', 'accept': '*/*', 'accept-encoding': 'gzip, deflate, br' }
  if (!SAFE.has(request.method)) headers['idempotency-key'] = idempotencyKey
  let body: string | undefined
  if (request.json !== undefined) {
    headers['content-type'] = 'application/json'
    body = JSON.stringify(request.json)
  } else if (request.form !== undefined) {
    headers['content-type'] = 'application/x-www-form-urlencoded'
    body = new URLSearchParams(request.form.map(([name, value]): [string, string] => [name, fill(value)])).toString()
  } else if (request.text !== undefined) {
    headers['content-type'] = 'text/plain; charset=utf-8'
    body = request.text
  }
  for (const [name, value] of Object.entries(request.headers)) {
    const key = name.toLowerCase()
    if (OURS.has(key)) throw new BadRequest(`header ${name} is set by the executor`)
    headers[key] = fill(value)
  }
  return { url, method: request.method, headers, body }
}

/**
 * The request that a redirect asks for. To another origin no header goes that may carry a secret, and no body that holds
 * one. Undefined when there is nowhere to go.
 */
export function redirected(wire: Wire, status: number, location: string, sealed: { headers: ReadonlySet<string>, body: boolean }): Wire | undefined {
  if (!URL.canParse(location, wire.url.href)) return undefined
  const url = new URL(location, wire.url)
  url.hash = ''
  const turns = status === 303 ? wire.method !== 'HEAD' : (status === 301 || status === 302) && wire.method === 'POST'
  const away = url.origin !== wire.url.origin
  if (away && sealed.body && !turns) throw new CredentialRefused(`${wire.url.hostname} redirects a body with a credential to ${url.hostname}`)
  const headers = Object.entries(wire.headers).filter(([name]) => {
    if (turns && name.startsWith('content-')) return false
    return !away || (!sealed.headers.has(name) && name !== 'authorization' && name !== 'cookie')
  })
  return { url, method: turns ? 'GET' : wire.method, headers: Object.fromEntries(headers), body: turns ? undefined : wire.body }
}

/** Where the request holds credentials. */
export function sealedParts(request: HttpRequest): { headers: ReadonlySet<string>, body: boolean } {
  const headers = Object.entries(request.headers).filter(([, value]) => typeof value !== 'string').map(([name]) => name.toLowerCase())
  return { headers: new Set(headers), body: request.form?.some(([, value]) => typeof value !== 'string') ?? false }
}

export function isLocal(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(url.hostname)
}
