import { readdirSync, readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'

export interface ProcessRow {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly session: number
  readonly residentBytes: number
}

export const MARK = 'AGENTICOS_MARK'
const PAGE = 4096
const linux = process.platform === 'linux'

/** Every process of the machine that can be seen. */
export function listProcesses(): ProcessRow[] {
  return linux ? fromProc() : fromPs()
}

function fromProc(): ProcessRow[] {
  return pids().flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
      // The name stands in parentheses and may hold anything: fields are counted from the last one.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      if (fields[0] === 'Z' || fields[0] === 'X') return []
      return [{ pid, parent: Number(fields[1]), group: Number(fields[2]), session: Number(fields[3]), residentBytes: Number(fields[21]) * PAGE }]
    } catch {
      return []
    }
  })
}

function fromPs(): ProcessRow[] {
  const text = execFileSync('ps', ['-axo', 'pid=,ppid=,pgid=,rss='], { encoding: 'latin1' })
  return text.split('\n').flatMap((line) => {
    const [pid, parent, group, resident] = line.trim().split(/\s+/).map(Number)
    return pid === undefined || parent === undefined || group === undefined ? [] : [{ pid, parent, group, session: group, residentBytes: (resident ?? 0) * 1024 }]
  })
}

/** Processes whose environment carries a mark that begins so; Linux only, elsewhere none. */
export function markedProcesses(marks: readonly string[]): number[] {
  if (!linux || marks.length === 0) return []
  const wanted = marks.map((mark) => `\0${MARK}=${mark}`)
  return pids().filter((pid) => {
    if (pid === process.pid) return false
    try {
      const environment = `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`
      return wanted.some((mark) => environment.includes(mark))
    } catch {
      return false
    }
  })
}

function pids(): number[] {
  return readdirSync('/proc').map(Number).filter((pid) => pid > 0)
}

/** Sends a signal to a process or, negative, to a group; what is gone already is fine. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal)
    return true
  } catch {
    return false
  }
}
