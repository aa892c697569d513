import { createHash } from 'node:crypto'
import type { World } from '../../petri/doctor/check.js'
import type { Surroundings as Around } from '../../petri/doctor/world.js'
import type { NetFile } from '../../petri/language.js'
import type { Draft, SessionConfig } from '../../petri/net.js'

/** A net's draft, and a mark of its blob and those of all nets that it shares places with, however indirectly. */
export interface Source {
  readonly name: string
  readonly mark: string
  readonly draft: Draft<NetFile>
}

/** One session of a tree as the checker sees it. */
export interface Surroundings {
  readonly config: SessionConfig
  readonly nets: ReadonlyMap<string, Source>
  /** `net/place` -> the nets that share it, by name */
  readonly sharers: ReadonlyMap<string, readonly Source[]>
  /** what models.yaml and policy.yaml say of it */
  readonly around: Around
  /** answers that were given already */
  readonly answers: Map<string, string>
}

export type Everything = ReadonlyMap<string, Surroundings>

/** What a check asked of its surroundings, as text, and the marks of what it was answered with. */
export type Asked = ReadonlyMap<string, string>

/** The marks that a question has for its answer here and now; hashed when they are many, worked out once. */
export function answer(everything: Everything, session: string, question: string): string {
  const here = everything.get(session)
  const known = here?.answers.get(question)
  if (known !== undefined) return known
  const [what, first = '', second = ''] = question.split(' ')
  const told = here === undefined ? undefined : said(here.around, what, first)
  if (told !== undefined) return told
  const found =
    what === 'net' ? [here?.nets.get(first)] : what === 'sharers' ? (here?.sharers.get(first) ?? []) : [everything.get(first)?.nets.get(second)]
  const text = found.map((source) => (source ? `${source.name}:${source.mark}` : '-')).join(' ')
  const short = text.length > 200 ? createHash('sha256').update(text).digest('hex') : text
  here?.answers.set(question, short)
  return short
}

/** The answer to a question about models.yaml or policy.yaml; undefined for one about nets. */
function said(around: Around, what: string | undefined, model: string): string | undefined {
  if (what === 'role') return around.role?.() ?? ''
  if (what === 'budgeted') return String(around.budgeted?.() ?? '')
  if (what === 'models') return around.modelNames?.().join(' ') ?? ''
  if (what === 'model') return around.model?.(model === '' ? undefined : model) ?? ''
  return undefined
}

/** The World of one session that writes down each question since `begin`, so that a later check need only ask whether the answers stand. */
export function trackedWorld(everything: Everything, session: string): { readonly world: World; begin(): Asked } {
  let asked = new Map<string, string>()
  const note = (question: string): void => {
    if (!asked.has(question)) asked.set(question, answer(everything, session, question))
  }
  const here = everything.get(session)!
  const { around } = here
  return {
    begin: () => (asked = new Map()),
    world: {
      config: here.config,
      // Asked even where nobody can say: a later check may be told.
      role: () => (note('role'), around.role?.()),
      budgeted: () => (note('budgeted'), around.budgeted?.()),
      model: (name) => (note(`model ${name ?? ''}`), around.model?.(name)),
      modelNames: () => (note('models'), around.modelNames?.() ?? []),
      net(name) {
        note(`net ${name}`)
        return here.nets.get(name)?.draft
      },
      sharers(address) {
        note(`sharers ${address}`)
        return (here.sharers.get(address) ?? []).map((source) => source.draft)
      },
      other(far, net) {
        note(`other ${far} ${net}`)
        return everything.get(far)?.nets.get(net)?.draft
      },
    },
  }
}

/** The nets of one session as a check sees them: who shares which place with whom, and the marks that follow from it. */
export function surround(config: SessionConfig, read: readonly { readonly name: string; readonly blob: string; readonly draft: Draft<NetFile> }[], around: Around = {}): Surroundings {
  // Nets that share places, however indirectly, form a group: the checker reads one by way of another, so they have one mark.
  const leaders = new Map<string, string>()
  const leader = (name: string): string => {
    const next = leaders.get(name) ?? name
    if (next === name) return name
    const found = leader(next)
    leaders.set(name, found)
    return found
  }
  const shared = (draft: Draft<NetFile>): string[] =>
    [...new Set(Object.values(draft.value?.places ?? {}).map((place) => place.shares).filter((address) => address !== undefined))]
  for (const { name, draft } of read) for (const address of shared(draft)) leaders.set(leader(name), leader(address.split('/')[0] ?? ''))

  const groups = new Map<string, string[]>()
  for (const { name, blob } of read) {
    const group = groups.get(leader(name))
    if (group) group.push(`${name}:${blob}`)
    else groups.set(leader(name), [`${name}:${blob}`])
  }
  const nets = new Map<string, Source>()
  const sharers = new Map<string, Source[]>()
  for (const { name, blob, draft } of read) {
    const group = groups.get(leader(name))!
    const source = { name, draft, mark: group.length === 1 ? blob : createHash('sha256').update(`${name} ${group.join(' ')}`).digest('hex') }
    nets.set(name, source)
    for (const address of shared(draft)) {
      const list = sharers.get(address)
      if (list) list.push(source)
      else sharers.set(address, [source])
    }
  }
  return { config, nets, sharers, around, answers: new Map() }
}
