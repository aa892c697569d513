/** The clockwork between executors and dispatch, in milliseconds. */
export interface Timing {
  /** how long work stays with an executor that is not heard of */
  readonly leaseMs: number
  readonly heartbeatMs: number
  /** life of an executor's own token, and when it should ask for more */
  readonly tokenMs: number
  readonly renewMs: number
  /** an executor quiet for so long is gone, and what only it could do fails */
  readonly goneMs: number
  /** longest wait without a look at the database */
  readonly lookMs: number
  /** how often executors and workspaces are looked at */
  readonly tidyMs: number
}

export const TIMING: Timing = {
  leaseMs: 30_000,
  heartbeatMs: 10_000,
  tokenMs: 30 * 86_400_000,
  renewMs: 86_400_000,
  goneMs: 600_000,
  lookMs: 15_000,
  tidyMs: 60_000,
}
