import { canonicalText } from '../../petri/canonical.js'
import { checkSession } from '../../petri/doctor/check.js'
import type { Json } from '../../petri/json.js'
import type { SessionConfig } from '../../petri/net.js'
import type { Current } from '../store/generations/current.js'
import type { NewGeneration } from '../store/generations/insert.js'
import type { NetVersion } from '../store/nets/write.js'
import type { SettingsRow } from '../store/settings/read.js'
import type { Target, Verified } from './check.js'
import { sealKey, type Standing } from './read.js'

/** Nets whose rows are to be written: those that no session runs yet, and those whose hash this process does not know. */
export function missing({ targets }: Verified, { current, seals }: Standing, expected: ReadonlyMap<string, string>): NetVersion[] {
  const found: NetVersion[] = []
  for (const [session, { nets }] of targets)
    for (const one of nets.values()) {
      const runs = own(current.get(session)?.nets ?? {}, one.name) === one.identity
      const key = sealKey({ session, net: one.name, identity: one.identity })
      if (runs && expected.has(key) && expected.get(key) === seals.get(key)) continue
      found.push({ session, net: one.name, identity: one.identity, path: one.path, blob: one.blob, definition: one.net!, findings: one.findings })
    }
  return found
}

/** What the apply is to do. Sessions that are not named cost nothing. */
export interface Planned {
  readonly generations: readonly NewGeneration[]
  /** models.yaml and policy.yaml, where they are not as they are written */
  readonly settings: SettingsRow | undefined
  /** `session/net` whose rows differed from git, `session` whose configuration did, or `settings` */
  readonly drifted: readonly string[]
}

/** Compares what is wanted with what stands. `expected`: hashes of definitions as git has them. */
export function plan(verified: Verified, standing: Standing, expected: ReadonlyMap<string, string>): Planned {
  const generations: NewGeneration[] = []
  const drifted: string[] = []
  const applied = standing.repository.applied
  for (const [session, target] of verified.targets) {
    const current = standing.current.get(session)
    const nets = Object.fromEntries([...target.nets.values()].map((one) => [one.name, one.identity]))
    const drift = current ? driftOf(session, target, current, standing.seals, expected) : []
    if (current && drift.length === 0 && equal(current.nets, nets) && equal(current.config, target.config)) continue
    // What differs although its commit is the applied one was changed by another hand.
    if (current && drift.length === 0 && target.commit === applied && current.commit === applied) drift.push(session)
    drifted.push(...drift)
    generations.push({ session, generation: (current?.generation ?? 0) + 1, commit: target.commit, config: target.config, nets })
  }
  for (const current of standing.current.values()) {
    const { session, generation, nets } = current
    if (verified.targets.has(session) || verified.stays(session) || Object.keys(nets).length === 0) continue
    generations.push({ session, generation: generation + 1, commit: verified.main.ok ? verified.main.info.commit : applied, config: configOf(current), nets: {} })
  }
  const { settings } = verified
  const same = settings === undefined || (equal(settings.models, standing.settings.models) && equal(settings.policy, standing.settings.policy))
  if (!same && settings.commit === standing.settings.commit) drifted.push('settings')
  generations.sort((a, b) => (a.session < b.session ? -1 : 1))
  return { generations, drifted, settings: same && settings?.commit === standing.settings.commit ? undefined : settings }
}

function driftOf(session: string, target: Target, current: Current, seals: ReadonlyMap<string, string>, expected: ReadonlyMap<string, string>): string[] {
  const found: string[] = []
  for (const one of target.nets.values()) {
    const key = sealKey({ session, net: one.name, identity: one.identity })
    if (own(current.nets, one.name) === one.identity && seals.get(key) !== expected.get(key)) found.push(`${session}/${one.name}`)
  }
  return found
}

/** A session that goes keeps its limits and retention: its tokens and history stay. */
function configOf(current: Current): SessionConfig {
  return Object.keys(current.config).length > 0 ? current.config : checkSession(undefined, current.session).config
}

function equal(a: unknown, b: unknown): boolean {
  return canonicalText(JSON.parse(JSON.stringify(a)) as Json) === canonicalText(JSON.parse(JSON.stringify(b)) as Json)
}

function own(nets: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(nets, name) ? nets[name] : undefined
}
