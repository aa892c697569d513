import type { Database } from '../store/database.js'
import { enginesOfHost } from '../store/engines/of-host.js'
import { retireEngine } from '../store/engines/retire.js'

/**
 * Ends the leases of engine processes of this machine that are dead: a restart after a crash need not wait them out.
 * Should one be alive after all (another process namespace), it loses nothing: its next batch meets a raised fence.
 */
export async function buryDead(db: Database, host: string): Promise<void> {
  for (const { engine, pid } of await enginesOfHost(db, host)) if (!isAlive(pid)) await retireEngine(db, engine)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
