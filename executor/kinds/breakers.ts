import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhenResult, type CircuitBreakerPolicy } from 'cockatiel'

const FAILURES = 5
const FIRST_PAUSE = 5000
const LONGEST_PAUSE = 60_000
const HOSTS = 1000

interface Breaker {
  readonly policy: CircuitBreakerPolicy
  opensAt: number
}

export type Broken = { readonly open: true, readonly retryAfterMs: number }

/** One circuit breaker a host: after five failures in a row a pause, then one try; the pause doubles up to a minute. */
export class Breakers {
  readonly #hosts = new Map<string, Breaker>()

  /** Runs a call unless its host's breaker is open. `call` does not reject; its `trouble` is what the breaker counts. */
  async run<T extends { readonly trouble: boolean }>(host: string, call: () => Promise<T>): Promise<T | Broken> {
    const breaker = this.#of(host)
    const open = (): Broken => ({ open: true, retryAfterMs: Math.max(1000, Math.ceil(breaker.opensAt - performance.now())) })
    // One call tries whether the host is back; the others do not wait for it.
    if (breaker.policy.state === CircuitState.HalfOpen) return open()
    try {
      return await breaker.policy.execute(call)
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error
      return open()
    }
  }

  #of(host: string): Breaker {
    const known = this.#hosts.get(host)
    if (known !== undefined) return known
    const halfOpenAfter = {
      duration: FIRST_PAUSE,
      next(context: { readonly attempt: number }) {
        const duration = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (context.attempt - 1))
        breaker.opensAt = performance.now() + duration
        return { ...halfOpenAfter, duration }
      },
    }
    const troubled = handleWhenResult((result) => (result as { readonly trouble?: unknown }).trouble === true)
    const breaker: Breaker = { policy: circuitBreaker(troubled, { breaker: new ConsecutiveBreaker(FAILURES), halfOpenAfter }), opensAt: 0 }
    this.#hosts.set(host, breaker)
    if (this.#hosts.size > HOSTS) this.#forgetOne()
    return breaker
  }

  #forgetOne(): void {
    for (const [host, { policy }] of this.#hosts) {
      if (policy.state === CircuitState.Closed) {
        this.#hosts.delete(host)
        return
      }
    }
  }
}
