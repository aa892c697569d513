import { listProcesses } from './processes.js'

const LOOK_MS = 100

export interface GroupUse {
  readonly processes: number
  readonly residentBytes: number
}

/** Tells running commands how much they use, in one look at the process table for all of them. Idle without commands. */
export class GroupWatch {
  readonly #watched = new Map<object, { readonly leaders: readonly number[], readonly members: Set<number>, readonly tell: (use: GroupUse) => void }>()
  #timer: NodeJS.Timeout | undefined

  /** Watches the sessions of these leaders and their descendants until the given function is called. */
  watch(leaders: readonly number[], tell: (use: GroupUse) => void): () => void {
    const key = {}
    this.#watched.set(key, { leaders, members: new Set(leaders), tell })
    this.#timer ??= setTimeout(() => this.#look(), LOOK_MS)
    return () => this.#watched.delete(key)
  }

  #look(): void {
    this.#timer = undefined
    if (this.#watched.size === 0) return
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
    this.#timer = setTimeout(() => this.#look(), Math.max(LOOK_MS, 10 * (performance.now() - from)))
  }
}
