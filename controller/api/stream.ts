import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import { Failure } from '../errors.js'
import type { Database } from '../store/database.js'
import { eventBounds } from '../store/events/bounds.js'
import { eventsAfter, type EventFilter } from './event-list.js'
import type { Hub } from './hub.js'

const MOST_STREAMS = 500
const BEAT = 15_000
const PACE = 25
/** What is said while nobody reads on is kept up to so many items; it is a show, the events are the record. */
const MOST_SAID = 2_000
let open = 0

/** Streams a session's events from after a number on, for ever: SSE, `id:` is the event number, a comment every 15 s. With progress, what agents say meanwhile comes between them, without id. */
export async function streamEvents(
  reply: FastifyReply, db: Database, hub: Hub, session: string, after: number | undefined, filter: EventFilter, withProgress = false,
): Promise<FastifyReply> {
  if (open >= MOST_STREAMS) throw new Failure('too-many-requests', `${MOST_STREAMS} event streams are open already`, 'close some, or read /v1/sessions/SESSION/events by pages')
  const from = after ?? (await eventBounds(db, session)).seq
  open++
  const gone = new AbortController()
  const stream = Readable.from(read(db, hub, session, from, filter, gone.signal, withProgress ? said(hub, session, filter.correlation, gone.signal) : undefined), { objectMode: false, highWaterMark: 64 * 1024 })
  reply.raw.on('close', () => {
    open--
    gone.abort()
    stream.destroy()
  })
  return reply.code(200).headers({ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' }).send(stream)
}

async function* read(db: Database, hub: Hub, session: string, from: number, filter: EventFilter, gone: AbortSignal, said: Said | undefined): AsyncGenerator<string> {
  yield `retry: 1000\n: session ${session} after event ${from}\n\n`
  let at = from
  while (!hub.signal.aborted && !gone.aborted) {
    const stop = new AbortController()
    // asked for before the look, so that what comes in between is not missed
    const news = hub.news('events', session, BEAT, AbortSignal.any([gone, stop.signal]))
    const { events, reached } = await eventsAfter(db, session, at, filter, 500)
    if (said !== undefined) yield* said.take()
    for (const event of events) yield `id: ${event.n}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
    const last = events.at(-1)?.n ?? at
    at = Math.max(at, last, reached ?? 0)
    // a busy session tells every 2 ms: its followers look forty times a second
    if (events.length > 0) await sleep(PACE)
    if (reached !== undefined) {
      stop.abort()
      continue
    }
    while (said !== undefined && await Promise.race([news.then(() => false), said.more()])) yield* said.take()
    if (!(await news)) return
    if (events.length === 0) yield ': still here\n\n'
  }
}

interface Said {
  /** what was said since, as messages of the stream */
  take(): string[]
  /** resolves with true when there is something to take */
  more(): Promise<true>
}

function said(hub: Hub, session: string, correlation: string | undefined, gone: AbortSignal): Said {
  const waiting: string[] = []
  let wake = (): void => {}
  const end = hub.progress(session, (item) => {
    if (correlation !== undefined && item.correlation !== correlation) return
    if (waiting.length >= MOST_SAID) waiting.shift()
    waiting.push(`event: progress\ndata: ${JSON.stringify(item)}\n\n`)
    wake()
  })
  gone.addEventListener('abort', end, { once: true })
  return {
    take: () => waiting.splice(0),
    more: () => (waiting.length > 0 ? Promise.resolve(true) : new Promise((resolve) => { wake = () => resolve(true) })),
  }
}
