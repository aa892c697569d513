import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { fail } from '../../errors.js'
import { processStart } from './process-start.js'

// a. The file `owner` is made by link(2): of two that try, one succeeds.
// b. A file whose process is gone, or whose pid now belongs to another process, is taken away by rename, and what was
//    renamed is looked at once more: if it is a living owner's after all, it is put back.

interface Owner {
  readonly pid: number
  readonly start: number
  readonly host: string
  readonly id: string
}

/** Makes this process the one owner of the data directory, or fails with the pid of the owner. Returns the release. */
export function own(dataDir: string): () => void {
  const file = join(dataDir, 'owner')
  const me: Owner = { pid: process.pid, start: processStart(process.pid) ?? 0, host: hostname(), id: randomUUID() }
  const mine = `${file}.${me.id}`
  writeFileSync(mine, `${JSON.stringify(me)}\n`, { mode: 0o644 })
  try {
    while (!linked(mine, file)) {
      const owner = read(file)
      if (owner !== undefined && lives(owner)) refuse(dataDir, owner)
      putAside(file, mine)
    }
  } finally {
    rmSync(mine, { force: true })
  }
  return () => { if (read(file)?.id === me.id) rmSync(file, { force: true }) }
}

/** The living owner of a data directory, if it has one. */
export function ownerOf(dataDir: string): { pid: number } | undefined {
  const owner = read(join(dataDir, 'owner'))
  return owner !== undefined && lives(owner) ? owner : undefined
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function putAside(file: string, mine: string): void {
  const aside = `${mine}.aside`
  try {
    renameSync(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const owner = read(aside)
  if (owner !== undefined && lives(owner)) linked(aside, file)
  rmSync(aside, { force: true })
}

function read(file: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner
  } catch {
    return undefined
  }
}

/** A start time is read from a clock that may be set: two seconds are the same moment. */
function lives(owner: Owner): boolean {
  if (owner.host !== hostname()) return false
  const start = processStart(owner.pid)
  return start !== undefined && Math.abs(start - owner.start) < 2
}

function refuse(dataDir: string, owner: Owner): never {
  fail('data-directory-owned', `the data directory ${dataDir} is in use by the controller with pid ${owner.pid}`,
    `stop that one first (kill ${owner.pid}), or give this one a directory of its own with --data-dir`, { details: { pid: owner.pid } })
}
