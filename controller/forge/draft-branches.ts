import type { Finding } from '../../petri/finding.js'
import type { Plan } from '../../petri/plan.js'
import type { Actor } from './commit.js'
import type { DraftName } from './draft-name.js'
import { proposeDraft, type DraftProposed, type DraftWords } from './draft-propose.js'
import { findDraft, judgeDraft, listDrafts, troubles, type DraftShown } from './draft-show.js'
import { sweepDrafts } from './draft-sweep.js'
import { stateOf, writeDraft, type DraftEdit, type DraftWritten } from './draft-write.js'
import type { Workshop } from './proposals/workshop.js'

/** What a draft would do to main. */
export interface DraftVerdict {
  readonly head: string
  readonly files: readonly string[]
  readonly plan: Plan
  /** what main does not have already, errors first */
  readonly findings: readonly Finding[]
}

/** Drafts: branches (`drafts/<session>/<key>`) that structure tools edit, each edit a commit, until a proposal ends them. */
export interface DraftBranches {
  list(): Promise<DraftShown[]>
  find(name: DraftName): Promise<DraftShown | undefined>
  /** the commit to read: the draft's, or main's where there is none */
  head(name: DraftName): Promise<string>
  write(name: DraftName, edit: DraftEdit): Promise<DraftWritten>
  /** undefined when there is no draft */
  verdict(name: DraftName): Promise<DraftVerdict | undefined>
  propose(name: DraftName, words: DraftWords, by: Actor): Promise<DraftProposed | undefined>
  /** takes away what is over or abandoned; the branches that went */
  sweep(now?: number): Promise<string[]>
}

export function openDraftBranches(shop: Workshop): DraftBranches {
  return {
    list: () => listDrafts(shop),
    find: (name) => findDraft(shop, name),
    async head(name) {
      const { main, id, live } = await stateOf(shop, name)
      return live ? id! : main
    },
    write: (name, edit) => writeDraft(shop, name, edit),
    async verdict(name) {
      const verdict = await judgeDraft(shop, name)
      return verdict && { head: verdict.head, files: verdict.files, plan: verdict.plan, findings: troubles(verdict) }
    },
    propose: (name, words, by) => proposeDraft(shop, name, words, by),
    sweep: (now = Date.now()) => sweepDrafts(shop, now),
  }
}
