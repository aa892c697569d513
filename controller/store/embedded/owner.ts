import { randomUUID } from 'node:crypto'
import { existsSync, linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fail } from '../../errors.js'
import { processStart } from './process-start.js'

// a. The file `owner` is made by link(2): of two that try, one succeeds.
// b. A file whose process is gone, or whose pid now belongs to another process, is taken away by rename, and what was
//    renamed is looked at once more: if it is a living owner's after all, it is put back.
// c. The owner touches its file every few seconds. Of a process on another machine or in another container, which shares
//    the folder and not the process table, nothing else can be seen.

interface Owner {
  readonly pid: number
  readonly start: number
  readonly host: string
  readonly id: string
}

const TOUCH_MS = 3_000
const SILENT_MS = 12_000

/** Makes this process the one owner of the data directory, or fails with the pid of the owner. Returns the release. */
export async function own(dataDir: string): Promise<() => void> {
  const file = join(dataDir, 'owner')
  const me: Owner = { pid: process.pid, start: processStart(process.pid) ?? 0, host: hostname(), id: randomUUID() }
  const mine = `${file}.${me.id}`
  writeFileSync(mine, `${JSON.stringify(me)}\n`, { mode: 0o644 })
  try {
    while (!linked(mine, file)) {
      const owner = read(file)
      if (owner !== undefined && (lives(owner) || await isTouched(file, owner))) refuse(dataDir, owner)
      putAside(file, mine)
    }
  } finally {
    rmSync(mine, { force: true })
  }
  const touching = setInterval(() => touch(file), TOUCH_MS).unref()
  return () => {
    clearInterval(touching)
    if (read(file)?.id === me.id) rmSync(file, { force: true })
  }
}

/** The living owner of a data directory, if it has one. */
export function ownerOf(dataDir: string): { pid: number } | undefined {
  const owner = read(join(dataDir, 'owner'))
  return owner !== undefined && lives(owner) ? owner : undefined
}

function touch(file: string): void {
  const now = new Date()
  try {
    utimesSync(file, now, now)
  } catch {
    // somebody took the file away, and the next owner will say so
  }
}

/** Is an owner on another host alive? Watched for longer than it would be silent, unless its file is old anyway. */
async function isTouched(file: string, owner: Owner): Promise<boolean> {
  if (owner.host === hostname()) return false
  const first = touchedAt(file)
  if (Math.abs(Date.now() - first) > 5 * SILENT_MS) return false
  const end = performance.now() + SILENT_MS
  while (performance.now() < end) {
    if (touchedAt(file) !== first) return existsSync(file)
    await sleep(250)
  }
  return false
}

function touchedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
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
  fail('data-directory-owned', `the data directory ${dataDir} is in use by the controller with pid ${owner.pid}${owner.host === hostname() ? '' : ` on ${owner.host}`}`,
    `stop that one first${owner.host === hostname() ? ` (kill ${owner.pid})` : ''}, or give this one a directory of its own with --data-dir`, { details: { pid: owner.pid } })
}
