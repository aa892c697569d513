import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { signalProcess } from './processes.js'
import type { Limits } from './wrapper.js'

// a. One control group a command, where this machine lets us make one: the kernel then counts its processes and memory,
//    and knows all of them, whatever they did to hide.
// b. Version 2 needs a group without processes of its own above them: the executor moves into a leaf beside them.

const ROOT = '/sys/fs/cgroup'
const PREFIX = 'agenticos-'
/** The kernel counts threads, and is the last line: the watch over processes ends a command that has too many. */
const TASKS = 4

interface Controller {
  /** folder below which groups are made */
  readonly base: string
  readonly files: (limits: Limits) => readonly (readonly [string, string])[]
}

export class Cgroups {
  readonly #controllers: readonly Controller[]
  readonly #prefix: string
  #made = 0

  private constructor(controllers: readonly Controller[], mark: string) {
    this.#controllers = controllers
    this.#prefix = `${PREFIX}${mark}-`
  }

  /** Undefined where no group can be made. Kills what groups of an executor with this mark still hold. */
  static async find(mark: string): Promise<Cgroups | undefined> {
    const controllers = process.platform === 'linux' ? [...version2(), ...version1()] : []
    if (controllers.length === 0) return undefined
    const cgroups = new Cgroups(controllers, mark)
    for (const { base } of controllers) {
      for (const name of readdirSync(base).filter((one) => one.startsWith(cgroups.#prefix))) await empty(join(base, name))
    }
    return cgroups
  }

  /** A new group, and the files by which a process enters it: written before the program begins, so no fork is ever outside. */
  make(limits: Limits): { readonly name: string, readonly doors: readonly string[] } {
    const name = `${this.#prefix}${process.pid}-${(this.#made += 1)}`
    const doors: string[] = []
    for (const { base, files } of this.#controllers) {
      const group = join(base, name)
      try {
        mkdirSync(group)
        for (const [file, value] of files(limits)) writeFileSync(join(group, file), value)
        doors.push(join(group, 'cgroup.procs'))
      } catch {
        // the machine has changed its mind: the watch over processes still stands
      }
    }
    return { name, doors }
  }

  /** Whether the kernel has refused a fork there. */
  refused(name: string): boolean {
    return this.#controllers.some(({ base }) => {
      try {
        return /^max [1-9]/m.test(readFileSync(join(base, name, 'pids.events'), 'utf8'))
      } catch {
        return false
      }
    })
  }

  /** Kills what is left in a group, and removes it. */
  async remove(name: string): Promise<void> {
    await Promise.all(this.#controllers.map(({ base }) => empty(join(base, name))))
  }
}

function version2(): Controller[] {
  for (const mount of [ROOT, join(ROOT, 'unified')]) {
    const own = pathOf('')
    if (own === undefined) continue
    const base = join(mount, own)
    try {
      if (!readFileSync(join(base, 'cgroup.controllers'), 'utf8').split(/\s/).includes('pids')) continue
      enable(base)
      const files = (limits: Limits) => [['pids.max', String(TASKS * limits.processes)], ['memory.max', String(limits.memoryBytes)], ['memory.swap.max', '0']] as const
      return [{ base, files }].filter(works)
    } catch {
      continue
    }
  }
  return []
}

function enable(base: string): void {
  const file = join(base, 'cgroup.subtree_control')
  try {
    writeFileSync(file, '+pids +memory')
  } catch (error) {
    // Only where nobody else lives there: a service that was given a group of its own (systemd: Delegate=yes).
    if (readFileSync(join(base, 'cgroup.procs'), 'utf8').trim() !== String(process.pid)) throw error
    const leaf = join(base, `${PREFIX}executor`)
    mkdirSync(leaf, { recursive: true })
    writeFileSync(join(leaf, 'cgroup.procs'), String(process.pid))
    writeFileSync(file, '+pids +memory')
  }
}

function version1(): Controller[] {
  const pids = pathOf('pids')
  const base = pids === undefined ? undefined : join(ROOT, 'pids', pids)
  return base === undefined ? [] : [{ base, files: (limits: Limits) => [['pids.max', String(TASKS * limits.processes)] as const] }].filter(works)
}

/** Where we are: `4:pids:/here`, or `0::/here` for version 2. */
function pathOf(controller: string): string | undefined {
  try {
    const lines = readFileSync('/proc/self/cgroup', 'utf8').split('\n').map((line) => line.split(':'))
    return lines.find(([number, names]) => (controller === '' ? number === '0' : names?.split(',').includes(controller)))?.[2]
  } catch {
    return undefined
  }
}

function works({ base, files }: Controller): boolean {
  const group = join(base, `${PREFIX}try-${process.pid}`)
  try {
    mkdirSync(group)
    const [[name, value]] = files({ memoryBytes: 1 << 30, processes: 10 }) as [readonly [string, string]]
    writeFileSync(join(group, name), value)
    rmdirSync(group)
    return true
  } catch {
    return false
  }
}

/** Kills whatever is in a group, until it can be removed. */
async function empty(group: string): Promise<void> {
  for (let round = 0; round < 100; round++) {
    try {
      const left = readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').map(Number).filter((pid) => pid > 0)
      for (const pid of left) signalProcess(pid, 'SIGKILL')
      if (left.length === 0) {
        rmdirSync(group)
        return
      }
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ENOENT') return
    }
    await sleep(5)
  }
}
