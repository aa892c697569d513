import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../errors.js'
import { isAbsent } from './lost.js'

/** Retries what could not reach the database for as long as it is given, then fails as `database-unreachable`. */
export async function withPatience<T>(limitMs: number, attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const end = performance.now() + limitMs
  for (let pause = 20; ; pause = Math.min(pause * 2, 1_000)) {
    try {
      return await attempt()
    } catch (cause) {
      if (!isAbsent(cause) || signal?.aborted) throw cause
      if (performance.now() + pause > end) {
        throw new Failure('database-unreachable', `the database did not answer for ${Math.round(limitMs / 1000)} s`,
          'start it, or correct the address in DATABASE_URL; the program goes on by itself once it answers', { cause })
      }
    }
    await sleep(pause * (0.5 + Math.random() / 2))
  }
}
