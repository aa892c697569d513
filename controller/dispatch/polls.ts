/** The one long-poll of each executor: a new one ends the one before, whose answer nobody waits for any more. */
export class Polls {
  readonly #current = new Map<string, AbortController>()

  begin(executor: string): AbortSignal {
    this.end(executor)
    const controller = new AbortController()
    this.#current.set(executor, controller)
    return controller.signal
  }

  end(executor: string): void {
    this.#current.get(executor)?.abort()
    this.#current.delete(executor)
  }
}
