// Processor time of this process, its children and theirs, and Postgres: what a run costs does not depend on who else is at work.
import { readFile, readdir } from 'node:fs/promises'

const TICK_MS = 10

/** Processor milliseconds of processes, and of all below them. */
export async function processor(...roots) {
  const stats = (await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(statOf))).filter((stat) => stat !== undefined)
  const parents = new Map(stats.map(({ pid, parent }) => [pid, parent]))
  const below = (pid) => {
    for (let at = pid; at !== undefined; at = parents.get(at)) if (roots.includes(at)) return true
    return false
  }
  return stats.filter(({ pid }) => below(pid)).reduce((sum, { ms }) => sum + ms, 0)
}

/** Runs what is measured: so many a second, and processor milliseconds each. */
export async function timed(postgres, count, work) {
  const before = await processor(process.pid, postgres)
  const start = performance.now()
  await work()
  const seconds = (performance.now() - start) / 1000
  return { rate: count / seconds, cpu: (await processor(process.pid, postgres) - before) / count }
}

/** The server's first process, from one of its connections (their processes are its children). */
export async function postgresOf(pid) {
  return (await statOf(pid)).parent
}

async function statOf(pid) {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { pid: Number(pid), parent: Number(fields[1]), ms: (Number(fields[11]) + Number(fields[12])) * TICK_MS }
}
