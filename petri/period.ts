import type { Budget } from './net.js'

export interface Period {
  /** 2026-11-28T22, 2026-11-28, 2026-11 (UTC), or firing */
  readonly key: string
  /** when the next one begins; undefined of a firing */
  readonly until: Date | undefined
}

/** The period of a budget at a time. */
export function periodOf(per: Budget['per'], at: Date): Period {
  if (per === 'firing') return { key: 'firing', until: undefined }
  const [year, month, day, hour] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), at.getUTCHours()]
  const text = at.toISOString()
  if (per === 'hour') return { key: text.slice(0, 13), until: new Date(Date.UTC(year, month, day, hour + 1)) }
  if (per === 'day') return { key: text.slice(0, 10), until: new Date(Date.UTC(year, month, day + 1)) }
  return { key: text.slice(0, 7), until: new Date(Date.UTC(year, month + 1)) }
}

/** The window of a rate at a time: windows lie side by side, so that all who count agree on them. */
export function windowOf(window: number, at: Date): Period {
  const start = Math.floor(at.getTime() / window) * window
  return { key: new Date(start).toISOString(), until: new Date(start + window) }
}
