import { listProcesses } from './processes.js'

const LOOK_MS = 100
/** What is young is looked at sooner: a fork bomb doubles every few milliseconds. */
const YOUNG_MS = 15
const SHARE = 10

export interface GroupUse {
  readonly processes: number
  readonly residentBytes: number
}

/** Tells running commands how much they use, in one look at the process table for all of them. Idle without commands. */
export class GroupWatch {
  readonly #watched = new Map<object, { readonly leaders: readonly number[], readonly members: Set<number>, readonly tell: (use: GroupUse) => void }>()
  #timer: NodeJS.Timeout | undefined
  #young = 0
  #cost = 0

  /** Watches the sessions of these leaders and their descendants until the given function is called. */
  watch(leaders: readonly number[], tell: (use: GroupUse) => void): () => void {
    const key = {}
    this.#watched.set(key, { leaders, members: new Set(leaders), tell })
    if (this.#young === 0) this.#plan(YOUNG_MS)
    this.#young = 4
    return () => this.#watched.delete(key)
  }

  #look(): void {
    this.#timer = undefined
    if (this.#watched.size === 0) {
      this.#young = 0
      return
    }
    const from = performance.now()
    const rows = listProcesses()
    for (const { leaders, members, tell } of [...this.#watched.values()]) {
      let processes = 0
      let residentBytes = 0
      for (const row of rows) {
        if (!leaders.includes(row.session) && !leaders.includes(row.group) && !members.has(row.pid) && !members.has(row.parent)) continue
        members.add(row.pid)
        processes += 1
        residentBytes += row.residentBytes
      }
      tell({ processes, residentBytes })
    }
    this.#cost = performance.now() - from
    this.#young = Math.max(0, this.#young - 1)
    this.#plan(this.#young > 0 ? YOUNG_MS : LOOK_MS)
  }

  /** The next look, never more than a tenth of the time. */
  #plan(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#look(), Math.max(ms, SHARE * this.#cost))
  }
}
