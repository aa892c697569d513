/** Does things one by one as they come, or together: those that come while some are under way go in the next batch. */
export function gather<T, R>(most: number, run: (items: readonly T[]) => Promise<readonly R[]>): (item: T) => Promise<R> {
  const queue: { readonly item: T; readonly done: (result: R) => void; readonly failed: (error: unknown) => void }[] = []
  let running = false
  const drain = async (): Promise<void> => {
    running = true
    // what comes in the same turn goes together
    await Promise.resolve()
    while (queue.length > 0) {
      const batch = queue.splice(0, most)
      try {
        const results = await run(batch.map(({ item }) => item))
        batch.forEach(({ done }, nth) => done(results[nth]!))
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
    running = false
  }
  return (item) => new Promise((done, failed) => {
    queue.push({ item, done, failed })
    if (!running) void drain()
  })
}
