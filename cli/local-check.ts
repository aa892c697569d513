import { readFile as readBytes } from 'node:fs/promises'
import { relative } from 'node:path'
import { checkRepository, type CheckedSession } from '../petri/doctor/check.js'
import type { Finding } from '../petri/finding.js'
import type { Draft } from '../petri/net.js'
import { readFile } from '../petri/read.js'
import type { LocalChange } from './local-change.js'
import type { Shell } from './shell.js'

export interface Checked {
  readonly sessions: ReadonlyMap<string, CheckedSession>
  /** their files are named as they lie on this machine */
  readonly findings: readonly Finding[]
}

/** Checks files of this machine with petri alone: no server is asked. */
export async function checkLocal(shell: Shell, change: LocalChange): Promise<Checked> {
  const drafts: Draft[] = []
  const places = new Map<string, string>()
  for (const file of change.files) {
    if (!file.path.startsWith('nets/')) continue
    places.set(file.path, relative(shell.cwd, file.file) || file.path)
    drafts.push(readFile(file.path, await readBytes(file.file)))
  }
  const { sessions, findings } = checkRepository(drafts)
  return { sessions, findings: findings.map((finding) => ({ ...finding, file: places.get(finding.file) ?? finding.file })) }
}
