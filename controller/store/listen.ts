import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { connectionConfig } from './connection.js'
import { withPatience } from './patience.js'

export interface Listener {
  readonly channels: readonly string[]
  readonly on: (channel: string, items: readonly string[]) => void
  readonly onConnect: () => void
}

/** A connection that nobody answers on for this long is dead, whatever TCP says. */
const HEARTBEAT_MS = 30_000

/** Holds one connection in LISTEN until the signal, renewing it when it breaks. Resolves when it first listens. */
export async function listen(url: string, listener: Listener, signal: AbortSignal): Promise<void> {
  let client = await withPatience(60_000, () => attach(url, listener), signal)
  void (async () => {
    while (!signal.aborted) {
      await broken(client, signal)
      await client.end().catch(() => {})
      for (let pause = 20; !signal.aborted; pause = Math.min(pause * 2, 2_000)) {
        try {
          client = await attach(url, listener)
          break
        } catch {
          await sleep(pause, undefined, { signal }).catch(() => {})
        }
      }
    }
    await client.end().catch(() => {})
  })()
}

async function attach(url: string, { channels, on, onConnect }: Listener): Promise<pg.Client> {
  const client = new pg.Client(connectionConfig(url, { application: 'agenticos listen' }))
  client.on('error', () => {})
  client.on('notification', ({ channel, payload }) => on(channel, (payload ?? '').split('\n')))
  try {
    await client.connect()
    await client.query(channels.map((channel) => `listen ${client.escapeIdentifier(channel)}`).join('; '))
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
  onConnect()
  return client
}

/** Resolves when the connection ends, fails to answer a heartbeat, or the signal comes. */
async function broken(client: pg.Client, signal: AbortSignal): Promise<void> {
  const ended = new AbortController()
  const stop = AbortSignal.any([signal, ended.signal])
  const heartbeat = setInterval(() => {
    const late = setTimeout(() => ended.abort(), 10_000)
    client.query('select 1').catch(() => ended.abort()).finally(() => clearTimeout(late))
  }, HEARTBEAT_MS)
  await Promise.race([once(client, 'end', { signal: stop }), once(stop, 'abort')]).catch(() => {})
  clearInterval(heartbeat)
  ended.abort()
}
