import { fail } from '../../errors.js'
import type { Actor } from '../commit.js'
import type { Verdict } from '../verdict.js'
import type { Change } from '../write-tree.js'
import { approve } from './approve.js'
import { merge } from './merge.js'
import { openFromBranch, openFromFiles, plain } from './open.js'
import { obstacle, standing } from './readiness.js'
import type { Leave } from './leave.js'
import { listRecords, readRecord, type Record } from './record.js'
import { revert } from './revert.js'
import { revise } from './revise.js'
import { change, mainOf, now, requireOpen, type Workshop } from './workshop.js'

/** A proposal as people look at it. */
export interface Shown {
  readonly record: Record
  /** approvals that count for the head as it is now */
  readonly approvals: Record['approvals']
  /** of an open proposal against main as it is now; of a merged one, what the merge did */
  readonly verdict: Verdict
  readonly mergeable: boolean
  /** why not, in one sentence; '' when it is */
  readonly reason: string
}

interface Given {
  readonly title: string
  readonly body: string
  /** a pushed branch, or files */
  readonly from: { readonly branch: string } | Change
}

/** Proposals, kept in the repository's own refs (refs/proposals/<n>/head and /meta), so that a clone with refs/* loses nothing. */
export interface Proposals {
  open(given: Given, by: Actor): Promise<Record>
  list(): Promise<Record[]>
  read(number: number): Promise<Record>
  show(number: number): Promise<Shown>
  comment(number: number, by: Actor, text: string): Promise<Record>
  approve(number: number, by: Actor, comment: string): Promise<Record>
  /** `leave`: by it an agent may merge its own draft where main's policy says so */
  merge(number: number, by: Actor, comment?: string, leave?: Leave): Promise<Record>
  close(number: number, by: Actor, comment: string): Promise<Record>
  /** opens the proposal that undoes a merged one */
  revert(number: number, by: Actor, why: string): Promise<Record>
  /** moves the open proposal of a branch along with it; its number, or undefined when there is none */
  pushed(branch: string, head: string, by: Actor): Promise<number | undefined>
}

const MOST_WORDS = 500_000

export function openProposals(shop: Workshop): Proposals {
  const { git, blobs } = shop
  return {
    open: ({ title, body, from }, by) =>
      'branch' in from ? openFromBranch(shop, from.branch, { title, body }, by) : openFromFiles(shop, from, { title, body }, by),
    list: () => listRecords(git, blobs),
    read: async (number) => (await readRecord(git, blobs, number)).record,
    show: async (number) => show(shop, (await readRecord(git, blobs, number)).record),
    comment: (number, by, text) =>
      change(shop, number, by, 'commented', ({ record }) => {
        // Room is left for what ends a proposal.
        if (record.comments.reduce((sum, one) => sum + one.text.length, text.length) > MOST_WORDS)
          fail('too-large', `proposal ${number} has all the comments it can hold`, 'Go on in a new proposal.')
        return { ...record, comments: [...record.comments, { by: by.name, at: now(), text: plain(text) }] }
      }),
    approve: (number, by, comment) => approve(shop, number, by, comment),
    merge: (number, by, comment, leave) => merge(shop, number, by, comment ?? '', leave),
    close: (number, by, comment) =>
      change(shop, number, by, 'closed', ({ record }) => {
        requireOpen(record)
        const text = plain(comment)
        return { ...record, state: 'closed', comments: text === '' ? record.comments : [...record.comments, { by: by.name, at: now(), text }] }
      }),
    revert: (number, by, why) => revert(shop, number, by, why),
    async pushed(branch, head, by) {
      const found = (await listRecords(git, blobs)).find((one) => one.state === 'open' && one.branch === branch)
      if (!found) return undefined
      await revise(shop, found.number, head, by)
      return found.number
    },
  }
}

async function show(shop: Workshop, record: Record): Promise<Shown> {
  const approvals = standing(record)
  if (record.merged) {
    const before = await shop.git.text(['rev-parse', '--verify', `${record.merged.commit}^1`])
    return { record, approvals, verdict: await shop.judge(before, record.merged.commit), mergeable: false, reason: `it is merged as ${record.merged.commit.slice(0, 12)}` }
  }
  const main = await mainOf(shop.git)
  const verdict = await shop.judge(main, record.head)
  if (record.state === 'closed') return { record, approvals, verdict, mergeable: false, reason: 'it is closed' }
  const against = obstacle(record, verdict, (await shop.checker.check(main)).policy)
  return { record, approvals, verdict, mergeable: against === undefined, reason: against?.message ?? '' }
}
