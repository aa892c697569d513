import { setMaxListeners } from 'node:events'
import { progressItem, type ProgressItem } from '../../protocol/ledger.js'
import type { Log } from '../log.js'
import type { Database } from '../store/database.js'

/**
 * The API's one LISTEN: who waits for a session's decisions or events is told when there may be news.
 * A notice is a hint: a waiter looks for itself, and all are told after each reconnect.
 */
export interface Hub {
  /** resolves at the next hint about the session (of `errand`: about the errand), at the latest after `ms`; false: the hub is closing */
  news(channel: 'decided' | 'events' | 'errand', session: string, ms: number, signal?: AbortSignal): Promise<boolean>
  /** hears what agents of a session say while they work; gives the way to end it */
  progress(session: string, hear: (item: ProgressItem) => void): () => void
  readonly signal: AbortSignal
}

export function createHub(db: Database, log: Log, signal: AbortSignal): Hub {
  // one listener a waiter, and there may be thousands
  setMaxListeners(0, signal)
  const waiting = new Map<string, Set<() => void>>()
  const wake = (key: string) => {
    const waiters = waiting.get(key)
    if (!waiters) return
    waiting.delete(key)
    for (const tell of waiters) tell()
  }
  const listeners = new Map<string, Set<(item: ProgressItem) => void>>()
  const tell = (item: string) => {
    if (listeners.size === 0) return
    const read = readProgress(item)
    if (read !== undefined) for (const hear of listeners.get(read.session) ?? []) hear(read)
  }
  const onItems = (channel: string, items: readonly string[]) => {
    if (channel === 'progress') return items.forEach(tell)
    for (const item of items) wake(`${channel}:${item.split(':', 1)[0]}`)
  }
  const onConnect = () => {
    for (const key of [...waiting.keys()]) wake(key)
  }
  db.listen(['decided', 'events', 'progress', 'errand'], onItems, onConnect, signal).catch((error: unknown) => {
    if (!signal.aborted) log.error({ err: error }, 'the API no longer hears of decisions')
  })
  return {
    signal,
    progress(session, hear) {
      const own = listeners.get(session) ?? new Set()
      listeners.set(session, own.add(hear))
      return () => {
        if (own.delete(hear) && own.size === 0 && listeners.get(session) === own) listeners.delete(session)
      }
    },
    news: (channel, session, ms, own) => new Promise((resolve) => {
      if (signal.aborted || own?.aborted) return resolve(false)
      const key = `${channel}:${session}`
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        own?.removeEventListener('abort', done)
        const waiters = waiting.get(key)
        if (waiters?.delete(done) && waiters.size === 0) waiting.delete(key)
        resolve(!signal.aborted && !own?.aborted)
      }
      const timer = setTimeout(done, ms)
      signal.addEventListener('abort', done, { once: true })
      own?.addEventListener('abort', done, { once: true })
      let waiters = waiting.get(key)
      if (!waiters) waiting.set(key, (waiters = new Set()))
      waiters.add(done)
    }),
  }
}

/** What an executor said of its work, if that is what the text is. */
function readProgress(item: string): ProgressItem | undefined {
  try {
    return progressItem.safeParse(JSON.parse(item)).data
  } catch {
    return undefined
  }
}
