import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { Agent, buildConnector, type Dispatcher } from 'undici'
import { refuseAddress, refuseHost, type EgressRules, type Target } from '../egress-rules.js'

// a. A name is resolved once a connection, its addresses are judged, and the connection goes to one of those: what a name
//    says a moment later is not asked.
// b. The judgement stands where connections are made, so no redirect, retry or kept-alive connection goes around it.

/** The egress policy says no. */
export class EgressRefused extends Error {
  override readonly name = 'EgressRefused'
}

/** The addresses of a host name. */
export type Resolver = (host: string) => Promise<readonly string[]>

const CONNECT_MS = 10_000

export interface Egress {
  readonly dispatcher: Dispatcher
  /** throws EgressRefused for what can be said before any address is known */
  judge(url: URL): void
}

/** Connections that hold to the policy. */
export function createEgress(rules: EgressRules, resolver: Resolver = resolve): Egress {
  const connector = buildConnector({ timeout: CONNECT_MS, keepAlive: true })
  const connect: buildConnector.connector = (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    const plain = options.protocol === 'http:'
    const target = { plain, host, port: Number(options.port || (plain ? 80 : 443)) }
    void open(target, options).then((socket) => callback(null, socket), (error: Error) => callback(error, null))
  }

  const open = async (target: Target, options: buildConnector.Options) => {
    const addresses = isIP(target.host) === 0 ? await resolver(target.host) : [target.host]
    const refusals = addresses.map((address) => refuseHost(rules, target) ?? refuseAddress(rules, target, address))
    const allowed = addresses.filter((_, at) => refusals[at] === undefined)
    if (allowed.length === 0) throw new EgressRefused(refusals[0] ?? `${target.host} has no address`)
    let failure: unknown
    for (const address of allowed) {
      try {
        return await connectTo(connector, { ...options, hostname: address, servername: isIP(target.host) === 0 ? target.host : '' })
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }

  return {
    dispatcher: new Agent({ connect, connections: 128, pipelining: 1, keepAliveTimeout: 10_000, keepAliveMaxTimeout: 60_000, maxHeaderSize: 64 * 1024 }),
    judge(url) {
      if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new EgressRefused(`${url.protocol}// is not called; write https://`)
      if (url.username !== '' || url.password !== '') throw new EgressRefused('a URL with a user part is not called; use credentials')
      const host = url.hostname.replace(/^\[|\]$/g, '')
      const plain = url.protocol === 'http:'
      const target = { plain, host, port: Number(url.port || (plain ? 80 : 443)) }
      const why = refuseHost(rules, target) ?? (isIP(host) === 0 ? undefined : refuseAddress(rules, target, host))
      if (why !== undefined) throw new EgressRefused(why)
    },
  }
}

function connectTo(connector: buildConnector.connector, options: buildConnector.Options): Promise<Parameters<buildConnector.Callback>[1] & object> {
  return new Promise((resolve, reject) => {
    connector(options, (...[error, socket]) => {
      if (error === null) resolve(socket)
      else reject(error)
    })
  })
}

async function resolve(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true, verbatim: true })).map((entry) => entry.address)
}
