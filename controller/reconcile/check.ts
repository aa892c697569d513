import { hasErrors, type Finding } from '../../petri/finding.js'
import { NO_MODELS } from '../../petri/models.js'
import type { SessionConfig } from '../../petri/net.js'
import type { Checked, CheckedNet } from '../forge/checked.js'
import type { CommitInfo } from '../forge/commit.js'
import type { Forge } from '../forge/forge.js'
import { SCRATCH } from '../forge/layout.js'
import type { SettingsRow } from '../store/settings/read.js'
import type { Fetched } from './fetch.js'
import type { Standing } from './read.js'

/** What one session is to run, from a commit without errors. */
export interface Target {
  readonly commit: string
  readonly config: SessionConfig
  readonly nets: ReadonlyMap<string, CheckedNet>
}

/** A commit that was checked, and whether it may run. */
export interface Attempt {
  readonly info: CommitInfo
  /** '' for main */
  readonly scratch: string
  readonly ok: boolean
  readonly findings: readonly Finding[]
}

export interface Verified {
  readonly main: Attempt
  readonly attempts: readonly Attempt[]
  readonly targets: ReadonlyMap<string, Target>
  /** what models.yaml and policy.yaml of main say, or of the last good commit; undefined: what is written stays */
  readonly settings: SettingsRow | undefined
  /** whether a session without a target is to stay as it is: its commit is not fit to say what becomes of it */
  readonly stays: (session: string) => boolean
}

/** Checks main and the scratch refs, each by itself. Where main has errors, the last good commit goes on being the target. */
export async function check(forge: Forge, { main, scratch }: Fetched, standing: Standing): Promise<Verified> {
  const targets = new Map<string, Target>()
  const aim = (commit: string, checked: Checked): void => {
    for (const [session, { config, nets }] of checked.sessions) targets.set(session, { commit, config, nets })
  }
  let settings: SettingsRow | undefined
  const settle = (commit: string, { models, policy }: Checked): void => {
    settings = { commit, models: models ?? NO_MODELS, policy }
  }
  const attempts: Attempt[] = []
  const attempt = async (info: CommitInfo, session?: string): Promise<boolean> => {
    const checked = await forge.check(info.commit, session)
    const ok = !hasErrors(checked.findings)
    attempts.push({ info, scratch: session ?? '', ok, findings: checked.findings })
    if (ok) aim(info.commit, checked)
    if (ok && session === undefined) settle(info.commit, checked)
    return ok
  }

  const good = await attempt(main)
  const last = good ? undefined : await lastGood(forge, standing.repository.applied)
  if (last) {
    aim(standing.repository.applied, last)
    settle(standing.repository.applied, last)
  }
  const bad = new Set<string>()
  for (const { session, info } of scratch) if (!(await attempt(info, session))) bad.add(session)
  const stays = (session: string): boolean => (session.startsWith(SCRATCH) ? bad.has(session) : !good && last === undefined)
  return { main: attempts[0]!, attempts, targets, settings, stays }
}

/** The applied commit, if it can still be read and still has no errors under today's checker. */
async function lastGood(forge: Forge, commit: string): Promise<Checked | undefined> {
  if (commit === '') return undefined
  const checked = await forge.check(commit).catch(() => undefined)
  return checked && !hasErrors(checked.findings) ? checked : undefined
}
