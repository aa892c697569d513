import { readFile as readBytes } from 'node:fs/promises'
import { relative } from 'node:path'
import { aroundOf } from '../petri/doctor/around.js'
import { checkRepository, type CheckedSession } from '../petri/doctor/check.js'
import type { Finding } from '../petri/finding.js'
import { readModels } from '../petri/models-read.js'
import type { Draft } from '../petri/net.js'
import { readPolicy } from '../petri/policy-read.js'
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
    places.set(file.path, relative(shell.cwd, file.file) || file.path)
    if (file.path.startsWith('nets/')) drafts.push(readFile(file.path, await readBytes(file.file)))
  }
  // What the change does not hold may well stand in the repository: then nobody here can say.
  const content = (path: string): string | undefined => change.files.find((file) => file.path === path)?.content
  const [models, policy] = [content('models.yaml'), content('policy.yaml')]
  const asked = models === undefined ? undefined : readModels('models.yaml', models)
  const said = policy === undefined ? undefined : readPolicy('policy.yaml', policy)
  const { sessions, findings: ofNets } = checkRepository(drafts, (session) => aroundOf(session, { models: asked?.models, policy: said?.policy }))
  const findings = [...(asked?.findings ?? []), ...(said?.findings ?? []), ...ofNets]
  return { sessions, findings: findings.map((finding) => ({ ...finding, file: places.get(finding.file) ?? finding.file })) }
}
