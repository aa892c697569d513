import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { removeTree } from './remove-tree.js'

const DAY_MS = 86_400_000

/** Folders that commands of a session share by name. Dispatch lets one command at a time into each. */
export class Workspaces {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The folder of a workspace: made empty when fresh, undefined when it was there once and is not any more. */
  async open(session: string, name: string, state: 'fresh' | 'kept'): Promise<string | undefined> {
    const path = join(this.#folder, createHash('sha256').update(`${session}\0${name}`).digest('hex').slice(0, 40))
    if (state === 'fresh') {
      await removeTree(path)
      await mkdir(path, { recursive: true, mode: 0o700 })
      return path
    }
    try {
      const now = new Date()
      await utimes(path, now, now)
      return path
    } catch {
      return undefined
    }
  }

  /** Removes what nobody used for a day. */
  async clean(now: number): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [] as string[])) {
      const path = join(this.#folder, name)
      const found = await stat(path).catch(() => undefined)
      if (found !== undefined && now - found.mtimeMs > DAY_MS + 3_600_000) await rm(path, { recursive: true, force: true }).catch(() => {})
    }
  }
}
