import { setMaxListeners } from 'node:events'
import type { Json } from '../../petri/json.js'
import type { LeasedEffect, Outcome } from '../../protocol/effect.js'
import { failed } from '../failed.js'
import { aborted } from '../kinds/command.js'
import { PUT_BACK, type Bench } from '../kinds/kind.js'
import { firstModel, putBack, refOf, type Exchange } from './call.js'
import { Over } from './over.js'
import { Progress } from './progress.js'
import { Transcript } from './transcript.js'

const LATE = 'out of time'

interface Words {
  readonly partial: () => Json
  /** how it ends when its time is over */
  readonly late: () => Outcome
}

/** Runs what calls models: under the effect's own time, going on from what was recorded, ending as Over says. */
export async function withExchange(effect: LeasedEffect, bench: Bench, signal: AbortSignal, words: Words, work: (exchange: Exchange) => Promise<Outcome>): Promise<Outcome | typeof PUT_BACK> {
  const own = new AbortController()
  // Eight reads at once and a model call listen to it.
  setMaxListeners(0, own.signal)
  const stop = (): void => own.abort(signal.reason)
  // What is left is for telling what came of it.
  const timer = setTimeout(() => own.abort(LATE), effect.timeoutMs - Math.min(2_000, effect.timeoutMs / 10))
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  const stopped = (): Outcome | typeof PUT_BACK => {
    if (own.signal.reason === LATE) return words.late()
    if (own.signal.reason === 'cancelled') return aborted(own.signal, { partial: words.partial() })
    return PUT_BACK
  }
  const progress = new Progress(effect, bench.ledger)
  let outcome: Outcome | typeof PUT_BACK
  try {
    const model = firstModel(effect)
    const halted = new Promise<void>((resolve) => own.signal.addEventListener('abort', () => resolve(), { once: true }))
    const steps = effect.resumes === true ? await bench.ledger.transcript(refOf(effect), own.signal).catch((error: unknown) => {
      if (own.signal.aborted) throw new Over(stopped())
      throw error
    }) : []
    outcome = await work({ effect, bench, signal: own.signal, halted, transcript: new Transcript(steps), progress, stopped, partial: words.partial, model })
  } catch (error) {
    if (!(error instanceof Over)) throw error
    outcome = error.outcome
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    progress.end()
  }
  // An executor that ends gives its work to another, which goes on from the record.
  if (outcome === PUT_BACK && signal.aborted && signal.reason !== 'lost') await putBack({ bench, effect })
  return outcome
}

/** A failure that keeps what was done so far. */
export function outOfTime(code: 'timeout' | 'cap-time', timeoutMs: number, partial: Json): Outcome {
  const message = `it was not done within ${timeoutMs} ms; raise timeout, or ask for less`
  return code === 'timeout' ? failed('timeout', message, { retryable: true, detail: { partial } }) : failed('cap-time', message, { detail: { partial } })
}
