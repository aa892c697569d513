import { hasErrors, type Finding } from '../finding.js'
import type { NetFile, SessionFile } from '../language.js'
import type { Draft, Net, SessionConfig } from '../net.js'
import { RULES, SESSION_RULES } from './doctor.js'
import { drafted } from './drafted.js'
import { foldersOf, worldOf } from './folder.js'
import { configOf } from './normalise/config.js'
import type { Described, Flaw } from './rule.js'
import { subjectOf } from './subject.js'
import type { Surroundings, World } from './world.js'

export type { World } from './world.js'

export interface CheckedSession {
  readonly config: SessionConfig
  readonly nets: ReadonlyMap<string, Net>
}

/** The only maker of a Net: the one a draft says, unless a finding of level error stands against it. */
export function checkNet(draft: Draft<NetFile>, world: World): { net: Net | undefined; findings: Finding[] } {
  const read = drafted(draft, world)
  if (!read) return { net: undefined, findings: [...draft.findings] }
  const subject = subjectOf(draft, read.filled, read.net, world)
  const findings = [...draft.findings]
  for (const rule of RULES) {
    for (const flaw of rule.check(subject)) findings.push(found(draft, rule, flaw, read.net.name))
  }
  findings.sort((a, b) => a.line - b.line || a.column - b.column || (a.code < b.code ? -1 : 1))
  return { net: hasErrors(findings) ? undefined : read.net, findings }
}

/** The configuration that session.yaml gives, defaults written out; all defaults without one. */
export function checkSession(draft: Draft<SessionFile> | undefined, session: string): { config: SessionConfig; findings: Finding[] } {
  const config = configOf(session, draft?.value)
  const findings = [...(draft?.findings ?? [])]
  if (draft?.value) {
    for (const rule of SESSION_RULES) {
      for (const flaw of rule.check(draft.value, config, draft)) findings.push(found(draft, rule, flaw, session))
    }
  }
  return { config, findings }
}

/** Checks whole folders at once: `nets/<session>/*`; `around` says what else is known of a session. A net with errors is left out of `nets`; its findings say why. */
export function checkRepository(drafts: Iterable<Draft>, around: (session: string) => Surroundings = () => ({})): {
  sessions: Map<string, CheckedSession>
  findings: Finding[]
} {
  const folders = foldersOf(drafts)
  const findings: Finding[] = []
  const sessions = new Map<string, CheckedSession>()
  for (const [session, folder] of folders) {
    const { config, findings: own } = checkSession(folder.session, session)
    findings.push(...own)
    const world = worldOf(config, folders, around(session))
    const nets = new Map<string, Net>()
    for (const draft of folder.all) {
      const checked = checkNet(draft, world)
      findings.push(...checked.findings)
      if (checked.net) nets.set(checked.net.name, checked.net)
    }
    sessions.set(session, { config, nets })
  }
  return { sessions, findings }
}

function found(draft: Draft<NetFile | SessionFile>, rule: Described, flaw: Flaw, name: string): Finding {
  const part = flaw.path[0] === 'places' || flaw.path[0] === 'transitions' ? flaw.path[1] : undefined
  return {
    code: rule.code,
    level: flaw.level ?? rule.level,
    file: draft.file,
    ...draft.position(flaw.path),
    element: flaw.element ?? (part === undefined ? name : `${name}/${part}`),
    message: flaw.message,
    remedy: flaw.remedy,
  }
}
