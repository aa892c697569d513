import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import type { Git } from './git.js'
import { isObjectId } from './ref-name.js'

/** Reads objects by id through one long-lived `git cat-file --batch`: 0.1 ms each, where a process is 3 ms. */
export interface Blobs {
  read(id: string): Promise<Buffer>
  /** the file of a commit, or undefined when it has none; `path` is one of ours, never a user's */
  file(commit: string, path: string): Promise<Buffer | undefined>
  /** the object that a ref names, or undefined when there is none; `ref` is one of ours, never a user's */
  ref(ref: string): Promise<string | undefined>
  close(): void
}

class Missing extends Error {}

interface Found {
  readonly id: string
  readonly content: Buffer
}

interface Waiting {
  readonly name: string
  readonly resolve: (found: Found) => void
  readonly reject: (error: Error) => void
}

export function openBlobs(git: Git): Blobs {
  let child: ChildProcessWithoutNullStreams | undefined
  let waiting: Waiting[] = []
  let held: Buffer[] = []
  let heldBytes = 0
  // bytes that the first answer needs before it can be given, so that a large object is joined once
  let needed = 0

  const fail = (error: Error): void => {
    const all = waiting
    child = undefined
    waiting = []
    held = []
    heldBytes = needed = 0
    for (const one of all) one.reject(error)
  }

  const take = (chunk: Buffer): void => {
    held.push(chunk)
    heldBytes += chunk.length
    if (heldBytes < needed) return
    let rest: Buffer = held.length === 1 ? chunk : Buffer.concat(held)
    needed = 0
    while (waiting.length > 0) {
      const line = rest.indexOf(0x0a)
      if (line < 0) break
      const [id = '', type, size] = rest.toString('latin1', 0, line).split(' ')
      const bytes = type === 'missing' ? -1 : Number(size)
      needed = line + 1 + (bytes < 0 ? 0 : bytes + 1)
      if (rest.length < needed) break
      const first = waiting.shift()!
      if (bytes < 0) first.reject(new Missing(`object ${first.name} is missing from the repository`))
      else first.resolve({ id, content: Buffer.from(rest.subarray(line + 1, line + 1 + bytes)) })
      rest = rest.subarray(needed)
      needed = 0
    }
    held = rest.length > 0 ? [rest] : []
    heldBytes = rest.length
    if (waiting.length === 0) idle(child, false)
  }

  const begin = (): ChildProcessWithoutNullStreams => {
    const started = git.start(['cat-file', '--batch'])
    started.stdout.on('data', take)
    started.stdin.on('error', () => {})
    started.on('error', fail)
    started.on('close', () => { if (child === started) fail(new Error('git cat-file ended')) })
    return started
  }

  const ask = (name: string): Promise<Found> =>
    new Promise((resolve, reject) => {
      child ??= begin()
      waiting.push({ name, resolve, reject })
      idle(child, true)
      child.stdin.write(`${name}\n`)
    })

  const there = async (asked: Promise<Found>): Promise<Found | undefined> => {
    try {
      return await asked
    } catch (error) {
      if (error instanceof Missing) return undefined
      throw error
    }
  }

  return {
    async read(id) {
      if (!isObjectId(id)) throw new Error('an object is read by its whole id')
      return (await ask(id)).content
    },
    async file(commit, path) {
      if (!isObjectId(commit)) throw new Error('a commit is read by its whole id')
      return (await there(ask(`${commit}:${path}`)))?.content
    },
    async ref(ref) {
      return (await there(ask(ref)))?.id
    },
    close() {
      child?.stdin.end()
    },
  }
}

/** A reader with nothing to read keeps no program alive. */
function idle(child: ChildProcessWithoutNullStreams | undefined, busy: boolean): void {
  if (!child) return
  for (const stream of [child, child.stdout, child.stdin, child.stderr] as unknown as { ref?: () => void; unref?: () => void }[]) {
    if (busy) stream.ref?.()
    else stream.unref?.()
  }
}
