import { NO_MODELS, type Models } from '../../petri/models.js'
import { Failure } from '../errors.js'
import type { Actor } from '../forge/commit.js'
import type { Forge } from '../forge/forge.js'
import type { Record } from '../forge/proposals/record.js'
import type { Log } from '../log.js'
import { forgetProposal } from '../store/approvals/forget-proposal.js'
import { listAwaiting, type AwaitingRow } from '../store/approvals/list.js'
import { nameProposal } from '../store/approvals/name-proposal.js'
import { nextApprovalExpiry } from '../store/approvals/next-expiry.js'
import { listOvertaken } from '../store/approvals/overtaken.js'
import type { Database } from '../store/database.js'
import { insertInbox } from '../store/inbox/insert.js'
import { loadTokensById } from '../store/tokens/load-ids.js'
import { approvalFile, approvalPath, digestOf } from './approval-file.js'

// a. Everything here may be done again: a proposal is found by its title and its proposer, a decision has the key of its firing.
// b. What was merged is what was shown: the file on main must say the digest of the call that waits, else the answer is no.
// c. The engine decides: this only carries merges, closings and the end of time into its inbox, where the first counts.

const PAGE = 200
const LOOK_MS = 15_000
/** closing what was overtaken is tidying up: the newest are looked at */
const OVERTAKEN = 50

export interface Approvals {
  readonly db: Database
  readonly forge: Forge
  readonly log: Log
  /** models of the applied commit, for the estimate */
  readonly models?: () => Promise<Models>
}

/** One look at all that awaits a person: asks, carries answers in, tidies up. Milliseconds until the next look is worth it. */
export async function carryApprovals(parts: Approvals): Promise<number> {
  const { db } = parts
  const models = (await parts.models?.()) ?? NO_MODELS
  let known: readonly Record[] | undefined
  const records = async (): Promise<readonly Record[]> => (known ??= await parts.forge.proposals.list())
  for (let after = { session: '', firing: 0 }; ; ) {
    const rows = await listAwaiting(db, after, PAGE)
    for (const row of rows) await carry(parts, row, models, records)
    if (rows.length < PAGE) break
    after = rows.at(-1)!
  }
  await closeOvertaken(parts)
  const next = await nextApprovalExpiry(db)
  return next === undefined ? LOOK_MS : Math.min(LOOK_MS, Math.max(50, next))
}

async function carry(parts: Approvals, row: AwaitingRow, models: Models, records: () => Promise<readonly Record[]>): Promise<void> {
  const { forge, log } = parts
  try {
    if (row.proposal === 0) {
      const number = await ask(parts, row, models, await records())
      log.info({ session: row.session, firing: row.firing, proposal: number }, 'a firing asks for approval')
      return
    }
    const record = await forge.proposals.read(row.proposal)
    if (record.state === 'merged') return await merged(parts, row, record)
    if (record.state === 'closed') return await decide(parts, row, 'rejected', lastOf(record))
    if (row.expired) await decide(parts, row, 'expired', { by: 'system', at: new Date().toISOString(), comment: '' })
  } catch (error) {
    log.error({ err: error, session: row.session, firing: row.firing, proposal: row.proposal }, 'an approval could not be carried on')
    if (!(error instanceof Failure)) throw error
  }
}

/** Opens the proposal of one firing, or finds the one that a fallen process had opened. */
async function ask({ db, forge }: Approvals, row: AwaitingRow, models: Models, records: readonly Record[]): Promise<number> {
  const by: Actor = { name: `net ${row.session}/${row.net}/${row.transition}`, agent: true }
  const title = `Approve ${row.session}/${row.net}/${row.transition}, firing ${row.firing}`
  const known = records.find((record) => record.title === title && record.by === by.name)
  const number = known?.number ?? (await open())
  if (await nameProposal(db, row.session, row.firing, number)) {
    const note = { type: 'proposal.opened', net: row.net, transition: `${row.net}/${row.transition}`, firing: row.firing, correlation: row.hold.correlation, proposal: number, title }
    await post(db, row.session, 'note', `proposal:${row.firing}`, { notes: [note] })
  }
  return number

  async function open(): Promise<number> {
    const ids = row.hold.bound.flatMap((bound) => (bound === null ? [] : bound))
    const content = approvalFile(row, await loadTokensById(db, row.session, ids), models)
    const body = `The binding below waits for a person. Merging fires exactly it, once; closing lets it fail as rejected, with the words of the last comment.\n\n${content}`
    return (await forge.proposals.open({ title, body: body.slice(0, 60_000), from: { files: [{ path: approvalPath(row), content }] } }, by)).number
  }
}

async function merged(parts: Approvals, row: AwaitingRow, record: Record): Promise<void> {
  const { by, at } = record.merged!
  const text = await parts.forge.file(record.merged!.commit, approvalPath(row))
  if (text?.includes(`digest: ${digestOf(row)}\n`) !== true) {
    return await decide(parts, row, 'rejected', { by, at, comment: `what proposal ${record.number} was merged as is not the call that waits: its file was changed` })
  }
  await decide(parts, row, 'approved', { by, at, comment: record.comments.findLast((comment) => comment.by === by)?.text ?? '' })
}

/** Who closed a proposal, and their words. */
function lastOf(record: Record): { by: string; at: string; comment: string } {
  const closed = record.events.findLast((event) => event.what === 'closed')
  const by = closed?.by ?? 'someone'
  return { by, at: closed?.at ?? record.updatedAt, comment: record.comments.findLast((comment) => comment.by === by)?.text ?? '' }
}

async function decide({ db }: Approvals, row: AwaitingRow, decision: 'approved' | 'rejected' | 'expired', said: { by: string; at: string; comment: string }): Promise<void> {
  await post(db, row.session, 'approval', `approval:${row.firing}`, { firing: row.firing, decision, ...said, comment: said.comment.slice(0, 4_000), proposal: row.proposal })
}

async function post(db: Database, session: string, kind: string, key: string, body: object): Promise<void> {
  await insertInbox(db, [{ session, kind, key, body: JSON.stringify(body) }])
  db.notify('inbox', session)
}

/** A proposal whose firing ended otherwise has nothing left to decide. */
async function closeOvertaken({ db, forge }: Approvals): Promise<void> {
  for (const { session, firing, proposal, state } of await listOvertaken(db, OVERTAKEN)) {
    const record = await forge.proposals.read(proposal).catch(() => undefined)
    const why = state === 'withdrawn' ? 'a newer revision changed its transition, and its tokens are free again' : 'its time was up'
    if (record?.state === 'open') await forge.proposals.close(proposal, { name: 'agenticos' }, `Firing ${firing} of ${session} is over: ${why}.`)
    await forgetProposal(db, session, firing)
  }
}
