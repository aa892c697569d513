import type { Server } from 'node:http'

const EVERY = 50
const PATIENCE = 10_000

/** While a server closes: ends each kept line when its last answer is sent, and what is left after ten seconds. */
export function hangUp(server: Server): void {
  const end = performance.now() + PATIENCE
  const timer = setInterval(() => {
    if (performance.now() > end) server.closeAllConnections()
    else server.closeIdleConnections()
  }, EVERY)
  server.once('close', () => clearInterval(timer))
}
