import { chmod, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Removes a folder with all in it, also when a command took away its own rights on parts of it. */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true })
  } catch {
    await openUp(path)
    await rm(path, { recursive: true, force: true, maxRetries: 3 })
  }
}

async function openUp(path: string): Promise<void> {
  await chmod(path, 0o700).catch(() => {})
  for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
    if (entry.isDirectory()) await openUp(join(path, entry.name))
  }
}
