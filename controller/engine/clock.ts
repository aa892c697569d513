/** Milliseconds since the epoch by the database's clock, carried on by the process's monotonic one. Never goes back behind `last`. */
export function clockNow(offset: number, last: number): number {
  return Math.max(last, Math.floor(offset + performance.now()))
}

/** What `clockNow` needs, from the database's clock as just seen. */
export function clockOffset(databaseMs: number): number {
  return databaseMs - performance.now()
}
