import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { listProcesses, markedProcesses, signalProcess } from './processes.js'

// a. Every command carries a mark in its environment; whatever still carries it when the command is over is killed.
// b. The mark survives a kill -9 of the executor: the next start kills whatever carries it. Where marks cannot be read,
//    a record of each running group stands in for it.

const QUIET_MS = 100
const MARKS = process.platform === 'linux'

/** Watches over what commands leave behind. One an executor, over its own folder of records. */
export class Leftovers {
  readonly #folder: string
  readonly #mark: string
  readonly #over = new Set<string>()
  #sweeping: Promise<void> | undefined
  #next = 0

  /** mark: the same at each start on this data directory, and another on every other */
  constructor(folder: string, mark: string) {
    this.#folder = folder
    this.#mark = mark
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  }

  newMark(): string {
    this.#next += 1
    return `${this.#mark}-${process.pid}-${this.#next};`
  }

  began(group: number): void {
    if (!MARKS) writeFileSync(join(this.#folder, String(group)), '')
  }

  /** The command is over: what is left of its group dies now, what left the group at the next sweep. */
  ended(groups: readonly number[], mark: string): void {
    for (const group of groups) {
      signalProcess(-group, 'SIGKILL')
      if (!MARKS) rmSync(join(this.#folder, String(group)), { force: true })
    }
    this.#over.add(mark)
    this.#sweeping ??= this.#sweepSoon()
  }

  /** Resolves when everything that ended so far left nothing behind. */
  async settled(): Promise<void> {
    while (this.#sweeping !== undefined) await this.#sweeping
  }

  /** At start: kills what a killed executor left running. Gives how many processes that were. */
  async killAll(): Promise<number> {
    const groups = new Set(readdirSync(this.#folder).map(Number).filter((group) => group > 1))
    // A number may have been given to a stranger since; where marks can be read, they alone decide.
    const marked = MARKS ? [] : listProcesses().filter((row) => groups.has(row.group)).map((row) => row.pid)
    for (const pid of marked) signalProcess(pid, 'SIGKILL')
    const killed = marked.length + (await killMarked([`${this.#mark}-`]))
    for (const group of groups) rmSync(join(this.#folder, String(group)), { force: true })
    return killed
  }

  async #sweepSoon(): Promise<void> {
    let pause = QUIET_MS
    while (this.#over.size > 0) {
      await sleep(pause, undefined, { ref: false })
      const marks = [...this.#over]
      this.#over.clear()
      const from = performance.now()
      await killMarked(marks)
      pause = Math.max(QUIET_MS, 20 * (performance.now() - from))
    }
    this.#sweeping = undefined
  }
}

/** A process may fork while it is killed: asked again until nobody carries the mark. */
async function killMarked(marks: readonly string[]): Promise<number> {
  const killed = new Set<number>()
  for (let round = 0; round < 50; round++) {
    const found = markedProcesses(marks)
    if (found.length === 0) break
    for (const pid of found) if (signalProcess(pid, 'SIGKILL')) killed.add(pid)
    await sleep(5)
  }
  return killed.size
}
