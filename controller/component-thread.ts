import { Worker } from 'node:worker_threads'
import type { Log } from './log.js'
import type { Measured } from './metrics.js'
import type { ThreadData } from './thread.js'

const STOP_MS = 20_000
/** A batch makes a few megabytes that die young: a roomy nursery keeps them from being carried along. Memory in MB. */
const LIMITS = { maxYoungGenerationSizeMb: 192, maxOldGenerationSizeMb: 8_192 }

/** A component in a thread of its own: started again when it falls, stopped with its work handed over. */
export class ComponentThread {
  readonly #data: ThreadData
  readonly #log: Log
  #worker: Worker | undefined
  #ended: Promise<void> = Promise.resolve()
  #stopping = false
  #falls = 0

  constructor(data: ThreadData, log: Log) {
    this.#data = data
    this.#log = log
  }

  /** Resolves when the component has taken up its work. */
  async start(): Promise<void> {
    const worker = new Worker(new URL('./thread.js', import.meta.url), { workerData: this.#data, resourceLimits: LIMITS })
    this.#worker = worker
    this.#ended = new Promise((resolve) => worker.once('exit', () => resolve()))
    const ready = new Promise<void>((resolve, reject) => {
      worker.once('message', () => resolve())
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error(`the ${this.#data.component} ended before it was ready`)))
    })
    worker.on('error', (error) => this.#log.error({ err: error, component: this.#data.component }, 'a component fell'))
    await ready
    worker.once('exit', () => this.#restart())
  }

  /** what the thread has measured; nothing when it does not answer within a second */
  metrics(): Promise<Measured> {
    const worker = this.#worker
    if (worker === undefined) return Promise.resolve([])
    return new Promise((resolve) => {
      const late = setTimeout(() => answer({}), 1_000)
      const answer = (message: { metrics?: Measured }): void => {
        if (message.metrics === undefined && typeof message === 'string') return
        clearTimeout(late)
        worker.off('message', answer)
        resolve(message.metrics ?? [])
      }
      worker.on('message', answer)
      worker.postMessage('metrics')
    })
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#worker?.postMessage('stop')
    const late = setTimeout(() => void this.#worker?.terminate(), STOP_MS)
    await this.#ended
    clearTimeout(late)
  }

  #restart(): void {
    if (this.#stopping) return
    const wait = Math.min(100 * 2 ** this.#falls++, 30_000)
    setTimeout(() => {
      if (this.#stopping) return
      this.start().catch((error: unknown) => {
        this.#log.error({ err: error, component: this.#data.component }, 'a component does not start')
        this.#restart()
      })
    }, wait)
  }
}
