import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Linux counts process times in hundredths of a second, whatever the kernel's own tick. */
const TICKS = 100

/** When a living process began, in seconds since 1970; undefined when there is none with this pid. */
export function processStart(pid: number): number | undefined {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined
  }
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid)
}

function fromProc(pid: number): number | undefined {
  try {
    // The second field is the program's name and may hold blanks and brackets itself.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')
    // A zombie is dead: it only waits to be read.
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    const boot = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1])
    return boot + Number(fields[19]) / TICKS
  } catch {
    return undefined
  }
}

function fromPs(pid: number): number | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env: { LC_ALL: 'C', PATH: process.env['PATH'] } })
    return Date.parse(text.trim()) / 1000
  } catch {
    return undefined
  }
}
