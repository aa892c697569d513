import { setMaxListeners } from 'node:events'
import type { Log } from '../log.js'
import type { Database } from '../store/database.js'

/**
 * The API's one LISTEN: who waits for a session's decisions or events is told when there may be news.
 * A notice is a hint: a waiter looks for itself, and all are told after each reconnect.
 */
export interface Hub {
  /** resolves at the next hint about the session, at the latest after `ms`; false: the hub is closing */
  news(channel: 'decided' | 'events', session: string, ms: number, signal?: AbortSignal): Promise<boolean>
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
  const onItems = (channel: string, items: readonly string[]) => {
    for (const item of items) wake(`${channel}:${item.split(':', 1)[0]}`)
  }
  const onConnect = () => {
    for (const key of [...waiting.keys()]) wake(key)
  }
  db.listen(['decided', 'events'], onItems, onConnect, signal).catch((error: unknown) => {
    if (!signal.aborted) log.error({ err: error }, 'the API no longer hears of decisions')
  })
  return {
    signal,
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
