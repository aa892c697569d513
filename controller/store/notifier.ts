import pg from 'pg'
import { connectionConfig } from './connection.js'

const EVERY_MS = 2
/** Postgres refuses a payload of 8,000 bytes. */
const MOST_BYTES = 7_900
/** Hints that could not be sent for so long are worth less than the memory: readers ask on reconnect anyway. */
const MOST_WAITING = 100_000

/**
 * Sends notifies over one connection of its own, without waiting for the disk, at most every 2 ms.
 * Of `events` items (`session:seq`) only the last of a session is kept; of others, one of each.
 */
export class Notifier {
  readonly #url: string
  readonly #waiting = new Map<string, Map<string, string>>()
  #client: pg.Client | undefined
  #timer: NodeJS.Timeout | undefined
  #immediate: NodeJS.Immediate | undefined
  #sentAt = 0
  #sending: Promise<void> | undefined
  #closed = false

  constructor(url: string) {
    this.#url = url
  }

  add(channel: string, item: string): void {
    if (this.#closed) return
    let items = this.#waiting.get(channel)
    if (items === undefined) this.#waiting.set(channel, items = new Map())
    if (items.size >= MOST_WAITING) items.clear()
    items.set(channel === 'events' ? item.slice(0, item.lastIndexOf(':')) : item, item)
    // The first after a pause goes at once; what comes within 2 ms of it goes together.
    this.#schedule(Math.max(0, this.#sentAt + EVERY_MS - performance.now()))
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#sending
    if (this.#waiting.size > 0 && this.#client !== undefined) await this.#send().catch(() => {})
    await this.#client?.end().catch(() => {})
  }

  #schedule(afterMs: number): void {
    if (this.#timer !== undefined || this.#sending !== undefined || this.#closed) return
    const send = (): void => {
      this.#timer = undefined
      this.#sentAt = performance.now()
      this.#sending = this.#send().then(() => EVERY_MS, () => 500).then((pause) => {
        this.#sending = undefined
        if (this.#waiting.size > 0) this.#schedule(pause)
      })
    }
    // A timer of 0 ms takes more than 1: the turn after this one is soon enough to gather what this one says.
    if (afterMs > 0) this.#timer = setTimeout(send, afterMs)
    else this.#immediate ??= setImmediate(() => {
      this.#immediate = undefined
      if (this.#timer === undefined && this.#sending === undefined && !this.#closed) send()
    })
  }

  async #send(): Promise<void> {
    const client = this.#client ??= await this.#connect()
    const payloads = [...this.#waiting].flatMap(([channel, items]) => pack(items.values()).map((payload) => [channel, payload] as const))
    this.#waiting.clear()
    try {
      await client.query({
        name: 'notify',
        text: 'select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) as hint(channel, payload)',
        values: [payloads.map(([channel]) => channel), payloads.map(([, payload]) => payload)],
      })
    } catch (error) {
      this.#client = undefined
      void client.end().catch(() => {})
      for (const [channel, payload] of payloads) for (const item of payload.split('\n')) this.#keep(channel, item)
      throw error
    }
  }

  /** Puts back what was not sent, unless something newer came meanwhile. */
  #keep(channel: string, item: string): void {
    const key = channel === 'events' ? item.slice(0, item.lastIndexOf(':')) : item
    const items = this.#waiting.get(channel) ?? new Map<string, string>()
    if (!items.has(key)) items.set(key, item)
    this.#waiting.set(channel, items)
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client(connectionConfig(this.#url, { application: 'agenticos notify', synchronousCommit: 'off' }))
    client.on('error', () => { if (this.#client === client) this.#client = undefined })
    await client.connect()
    return client
  }
}

/** Joins items by newline into payloads that Postgres takes. */
export function pack(items: Iterable<string>): string[] {
  const payloads: string[] = []
  let current: string | undefined
  let bytes = 0
  for (const item of items) {
    const size = Buffer.byteLength(item)
    if (current !== undefined && bytes + 1 + size > MOST_BYTES) {
      payloads.push(current)
      current = undefined
    }
    bytes = current === undefined ? size : bytes + 1 + size
    current = current === undefined ? item : `${current}\n${item}`
  }
  if (current !== undefined) payloads.push(current)
  return payloads
}
