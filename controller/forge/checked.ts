import { createHash } from 'node:crypto'
import { canonicalText } from '../../petri/canonical.js'
import { aroundOf } from '../../petri/doctor/around.js'
import { checkNet, checkSession } from '../../petri/doctor/check.js'
import type { Finding } from '../../petri/finding.js'
import type { Json } from '../../petri/json.js'
import type { NetFile, SessionFile } from '../../petri/language.js'
import type { Models } from '../../petri/models.js'
import type { Draft, Net, SessionConfig } from '../../petri/net.js'
import type { Policy } from '../../petri/policy.js'
import type { Blobs } from './blobs.js'
import { openDrafts } from './drafts.js'
import type { Git } from './git.js'
import { layOut, type Layout } from './layout.js'
import { isObjectId } from './ref-name.js'
import { readSettings, type Settings } from './settings.js'
import { answer, surround, trackedWorld, type Asked, type Everything, type Source, type Surroundings } from './track.js'
import { listTree } from './tree.js'

/** Raised by hand whenever the checker gives another Net for the same files, so that every net is applied anew. */
const CHECKER = 2

export interface CheckedNet {
  readonly session: string
  readonly name: string
  readonly path: string
  readonly blob: string
  /** hash of all that the net's meaning depends on: equal identity, equal net */
  readonly identity: string
  /** undefined when it has errors */
  readonly net: Net | undefined
  readonly findings: readonly Finding[]
}

export interface CheckedSession {
  readonly session: string
  readonly config: SessionConfig
  readonly nets: ReadonlyMap<string, CheckedNet>
}

/** All nets of one commit or tree, checked together. */
export interface Checked {
  readonly sessions: ReadonlyMap<string, CheckedSession>
  readonly policy: Policy
  /** null when there is no models.yaml; undefined when it has errors */
  readonly models: Models | null | undefined
  /** of all files, errors first */
  readonly findings: readonly Finding[]
}

interface Result {
  readonly asked: Asked
  readonly identity: string
  readonly net: Net | undefined
  readonly findings: readonly Finding[]
}

type Tracked = ReturnType<typeof trackedWorld>

const KEPT_RESULTS = 20_000
const KEPT_VARIANTS = 4
const KEPT_TREES = 8
const ORDER = { error: 0, warning: 1, info: 2 } as const

/** Checks trees; what was checked before under the same surroundings is not checked again. `scratch`: the session of a scratch ref. */
export interface Checker {
  check(treeish: string, scratch?: string): Promise<Checked>
}

export function openChecker(git: Git, blobs: Blobs): Checker {
  const drafts = openDrafts(blobs)
  const results = new Map<string, Result[]>()
  const trees = new Map<string, Promise<Checked>>()

  const read = async (layout: Layout, settings: Settings, scratch: string | undefined): Promise<{ everything: Everything; configs: Map<string, readonly Finding[]> }> => {
    const everything = new Map<string, Surroundings>()
    const configs = new Map<string, readonly Finding[]>()
    for (const [session, folder] of layout.sessions) {
      const written = folder.config && ((await drafts.read(folder.config)) as Draft<SessionFile>)
      const { config, findings } = checkSession(scratch === undefined ? written : renamed(written, scratch), session)
      configs.set(session, findings)
      // Asked for all at once: the reader is a pipe.
      const reading = [...folder.nets].map(async ([name, file]) => ({ name, blob: file.blob, draft: (await drafts.read(file)) as Draft<NetFile> }))
      // A scratch ref has no models.yaml and no policy.yaml: main's hold for it, and nobody here knows them.
      everything.set(session, surround(config, await Promise.all(reading), scratch === undefined ? aroundOf(session, { models: settings.models, policy: settings.broken ? undefined : settings.policy }) : {}))
    }
    return { everything, configs }
  }

  const one = (everything: Everything, session: string, tracked: Tracked, configId: string, path: string, source: Source): Result => {
    const key = `${session} ${path} ${source.mark} ${configId}`
    const variants = results.get(key) ?? []
    const known = variants.find((variant) => [...variant.asked].every(([question, said]) => answer(everything, session, question) === said))
    if (known) return known
    const asked = tracked.begin()
    const { net, findings } = checkNet(source.draft, tracked.world)
    const identity = hash(`${CHECKER}\n${key}\n${[...asked].map(([question, said]) => `${question} = ${said}\n`).sort().join('')}`)
    const result = { asked, identity, net, findings }
    results.delete(key)
    results.set(key, [result, ...variants].slice(0, KEPT_VARIANTS))
    if (results.size > KEPT_RESULTS) results.delete(results.keys().next().value!)
    return result
  }

  const check = async (treeish: string, scratch: string | undefined): Promise<Checked> => {
    const layout = layOut(await listTree(git, treeish), scratch)
    const settings = await readSettings(blobs, layout)
    const { everything, configs } = await read(layout, settings, scratch)
    const findings: Finding[] = [...layout.findings, ...settings.findings]
    const sessions = new Map<string, CheckedSession>()
    let turn = performance.now()
    for (const [session, { config, nets }] of everything) {
      findings.push(...configs.get(session)!)
      const configId = hash(canonicalText(config as unknown as Json))
      const checked = new Map<string, CheckedNet>()
      const tracked = trackedWorld(everything, session)
      for (const source of nets.values()) {
        const { path, blob } = layout.sessions.get(session)!.nets.get(source.name)!
        const result = one(everything, session, tracked, configId, path, source)
        checked.set(source.name, { session, name: source.name, path, blob, identity: result.identity, net: result.net, findings: result.findings })
        findings.push(...result.findings)
        // A thousand nets take seconds; whatever else runs in this thread gets its turn.
        if (performance.now() - turn > 20) {
          await new Promise((resolve) => setImmediate(resolve))
          turn = performance.now()
        }
      }
      sessions.set(session, { session, config, nets: checked })
    }
    findings.sort((a, b) => ORDER[a.level] - ORDER[b.level])
    return { sessions, policy: settings.policy, models: settings.models, findings }
  }

  return {
    check(treeish, scratch) {
      if (!isObjectId(treeish)) throw new Error('a tree is checked by its whole id')
      const key = `${treeish} ${scratch ?? ''}`
      const known = trees.get(key) ?? check(treeish, scratch)
      trees.delete(key)
      trees.set(key, known)
      known.catch(() => trees.delete(key))
      if (trees.size > KEPT_TREES) trees.delete(trees.keys().next().value!)
      return known
    },
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A scratch session runs a folder of another name: its session.yaml is read as if it were called after the scratch. */
function renamed(draft: Draft<SessionFile> | undefined, session: string): Draft<SessionFile> | undefined {
  if (!draft?.value) return draft
  return { ...draft, value: { ...draft.value, metadata: { ...draft.value.metadata, name: session } } }
}
