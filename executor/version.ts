import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The version in the nearest package.json above this file. */
export const VERSION = versionAbove(dirname(fileURLToPath(import.meta.url)))

function versionAbove(folder: string): string {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version
  } catch {
    return dirname(folder) === folder ? '0.0.0' : versionAbove(dirname(folder))
  }
}
