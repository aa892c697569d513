import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CliFailure } from '../failure.js'

/** A file that comes with the program, by its path in the package: `nets/system/session.yaml`. */
export function packageFile(path: string): string {
  return readFileSync(join(packageFolder(), path), 'utf8')
}

function packageFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    try {
      readFileSync(join(folder, 'package.json'))
      return folder
    } catch (cause) {
      if (dirname(folder) === folder) throw new CliFailure('the files that come with this program are not there', 'install it again', 1, cause)
    }
  }
}
