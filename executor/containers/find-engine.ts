import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** Where podman, or else docker, lies on a PATH. */
export function findEngine(path: string): string | undefined {
  const folders = path.split(delimiter).filter(isAbsolute)
  return ['podman', 'docker'].flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram)
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
