import { execFile } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { chownSync, existsSync, fsyncSync, mkdirSync, openSync, closeSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Failure, fail } from '../../errors.js'
import type { Account } from './account.js'
import type { Binaries } from './binaries.js'

/** Where the server's files are and who it runs as. */
export interface Cluster {
  readonly folder: string
  readonly passwordFile: string
  readonly logFile: string
  readonly account: Account
}

export const USER = 'agenticos'

export function clusterOf(dataDir: string, account: Account): Cluster {
  return { folder: join(dataDir, 'postgres'), passwordFile: join(dataDir, 'postgres.password'), logFile: join(dataDir, 'postgres.log'), account }
}

/** Makes the cluster if there is none: under another name first, so that a half-made one never counts. */
export async function prepareCluster(dataDir: string, cluster: Cluster, binaries: Binaries): Promise<void> {
  for (const name of readdirSync(dataDir)) if (name.startsWith('postgres.new-')) rmSync(join(dataDir, name), { recursive: true, force: true })
  if (existsSync(cluster.folder)) checkVersion(cluster, binaries)
  else await makeCluster(cluster, binaries)
  if (!existsSync(cluster.passwordFile)) {
    fail('data-directory-unusable', `${cluster.passwordFile} is missing, and the database in ${cluster.folder} opens with nothing else`,
      'restore that file from a backup of the data directory')
  }
}

export function readPassword(cluster: Cluster): string {
  return readFileSync(cluster.passwordFile, 'utf8').trim()
}

/** As given to spawn: never our environment, which may hold what the server must not know. */
export function serverProcess(account: Account, cwd: string): { cwd: string, env: Record<string, string>, uid?: number, gid?: number } {
  return { ...account, cwd, env: { LC_ALL: 'C', TZ: 'UTC', PATH: process.env['PATH'] ?? '' } }
}

/** How the server names a folder that it runs in: another user may not be allowed through the folders above it. */
export function ownName(folder: string, account: Account): string {
  return account !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : folder
}

function checkVersion(cluster: Cluster, binaries: Binaries): void {
  const major = readFileSync(join(cluster.folder, 'PG_VERSION'), 'utf8').trim()
  if (major === binaries.major) return
  fail('embedded-version', `${cluster.folder} was written by Postgres ${major}, and this program brings Postgres ${binaries.major}`,
    'start the earlier version of this program and move the data with pg_dump and pg_restore (docs/operations.md, upgrade)')
}

async function makeCluster(cluster: Cluster, binaries: Binaries): Promise<void> {
  if (!existsSync(cluster.passwordFile)) writeSecret(cluster.passwordFile, randomBytes(24).toString('base64url'), undefined)
  const passwordForServer = join(tmpdir(), `agenticos-${randomUUID()}`)
  writeSecret(passwordForServer, readPassword(cluster), cluster.account)
  const made = `${cluster.folder}.new-${randomBytes(4).toString('hex')}`
  mkdirSync(made, { mode: 0o700 })
  if (cluster.account !== undefined) chownSync(made, cluster.account.uid, cluster.account.gid)
  try {
    await promisify(execFile)(join(binaries.folder, 'bin/initdb'), [
      `--pgdata=${ownName(made, cluster.account)}`, `--username=${USER}`, `--pwfile=${passwordForServer}`, '--auth=scram-sha-256', '--encoding=UTF8',
      // Text sorts by code point on every machine, whatever locales it has.
      '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions',
    ], serverProcess(cluster.account, made))
  } catch (cause) {
    rmSync(made, { recursive: true, force: true })
    const output = (cause as { stderr?: string }).stderr?.trim() ?? ''
    throw new Failure('embedded-failed', `initdb failed in ${made}: ${output || String(cause)}`,
      'make room on the disk and rights on the folder as the message says, or set DATABASE_URL', { cause })
  } finally {
    rmSync(passwordForServer, { force: true })
  }
  renameSync(made, cluster.folder)
  syncFolder(join(cluster.folder, '..'))
}

function writeSecret(file: string, secret: string, account: Account): void {
  writeFileSync(file, `${secret}\n`, { mode: 0o600, flush: true, flag: 'wx' })
  if (account !== undefined) chownSync(file, account.uid, account.gid)
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
