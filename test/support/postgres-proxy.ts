import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll } from 'vitest'

/**
 * When a connection is struck, seen from the statement it carries: `before` the server has it, `during` (it has it, and
 * whether it commits is open), `after` its answer has left the server and not come to us.
 */
export type Moment = 'before' | 'during' | 'after'

export interface PostgresProxy {
  /** the address behind the proxy, for a database of that server */
  url(databaseUrl: string): string
  /** Strikes the nth statement of that name from now on: the connection is cut, or falls silent until its server ends it. Resolves then. */
  strike(statement: string, moment: Moment, how?: { readonly nth?: number, readonly silent?: boolean }): Promise<void>
}

/** A proxy on loopback before the server of a database address. It ends with the file's tests. */
export async function postgresProxy(server: string): Promise<PostgresProxy> {
  const sockets = new Set<Socket>()
  let armed: { statement: Buffer, moment: Moment, left: number, silent: boolean, struck: () => void } | undefined

  const listener = createServer((client) => {
    const upstream = connect(addressOf(server))
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
    let strike: typeof armed
    const cut = (): void => {
      strike!.struck()
      if (strike!.silent) return
      client.destroy()
      upstream.destroy()
    }
    client.on('data', (chunk) => {
      if (strike !== undefined) return
      if (armed !== undefined && chunk.includes(armed.statement) && --armed.left === 0) {
        strike = armed
        armed = undefined
        if (strike.moment === 'before') return cut()
        if (strike.moment === 'during') return void upstream.write(chunk, () => cut())
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      if (strike === undefined) client.write(chunk)
      else if (strike.moment === 'after') cut()
    })
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  afterAll(() => {
    listener.close()
    for (const socket of sockets) socket.destroy()
  })
  return {
    url: (databaseUrl) => databaseUrl.replace(/@[^/]*\//, `@127.0.0.1:${port}/`),
    strike: (statement, moment, { nth = 1, silent = false } = {}) => new Promise((struck) => {
      armed = { statement: Buffer.from(`${statement}\0`), moment, left: nth, silent, struck }
    }),
  }
}

function addressOf(databaseUrl: string): { path: string } | { host: string, port: number } {
  const { hostname, port, searchParams } = new URL(databaseUrl)
  const host = searchParams.get('host') ?? decodeURIComponent(hostname)
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port || 5432}` } : { host, port: Number(port || 5432) }
}
