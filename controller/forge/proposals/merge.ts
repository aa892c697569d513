import { fail } from '../../errors.js'
import { line, writeCommit, type Actor } from '../commit.js'
import { headRef, MAIN, metaRef } from '../ref-name.js'
import { moveRefs, untilTaken } from '../refs.js'
import { verdictLine, type Verdict } from '../verdict.js'
import { plain } from './open.js'
import { obstacle, standing } from './readiness.js'
import { readRecord, writeRecord, type Record } from './record.js'
import { leaveOf, type Leave } from './leave.js'
import { endOfDraft, happened, mainOf, now, requireOpen, type Workshop } from './workshop.js'

/** Merges a proposal: main, the record and the head that was judged move together or not at all. An agent needs a leave for it. */
export async function merge(shop: Workshop, number: number, by: Actor, comment: string, leave?: Leave): Promise<Record> {
  const { git, blobs, checker, judge } = shop
  if (by.agent === true && !leave) fail('approval-refused', `${by.name} is an agent, and agents do not merge`, 'Ask a person.')
  // The long part is done before the turn is taken; in it the verdict is known, unless main moved.
  await judge(await mainOf(git), (await readRecord(git, blobs, number)).record.head)
  return await untilTaken(git, async () => {
    const { record, meta } = await readRecord(git, blobs, number)
    requireOpen(record)
    const main = await mainOf(git)
    const verdict = await judge(main, record.head)
    const { policy } = await checker.check(main)
    const against = obstacle(record, verdict, policy, by)
    if (against) throw against
    // whether it may is said by main as it is in this very turn
    const rule = by.agent === true && leave ? leaveOf(policy, record, verdict.files, leave) : undefined
    const at = now()
    const commit = await writeCommit(git, { tree: verdict.tree, parents: [main, record.head], message: message(record, verdict, by, rule), by })
    const merged: Record = {
      ...record, state: 'merged', updatedAt: at, merged: { by: by.name, at, commit },
      comments: plain(comment) === '' ? record.comments : [...record.comments, { by: by.name, at, text: plain(comment) }],
      events: happened(record, by, `merged as ${commit}`, at),
    }
    const next = await writeRecord(git, merged, meta, by, `${by.name}: merged as ${commit}`)
    // main first: after a crash between the two files, main tells that the proposal is merged (settle.ts), never the other way round.
    const taken = await moveRefs(git, [
      { ref: MAIN, to: commit, from: main }, { ref: metaRef(number), to: next, from: meta }, { ref: headRef(number), is: record.head },
      ...(await endOfDraft(git, record)),
    ], `merge of proposal ${number}`)
    return taken ? merged : undefined
  })
}

function message(record: Record, verdict: Verdict, by: Actor, rule: string | undefined): string {
  // Whoever merges approves by it; the proposer's own merge is told only where nobody else approved.
  const others = [...new Set(standing(record).map((one) => one.by))]
  const approvers = by.agent === true || others.includes(by.name) || (by.name === record.by && others.length > 0) ? others : [...others, by.name]
  const trailers = [
    ['Proposal', String(record.number)],
    ['Proposed-by', record.by],
    ...approvers.map((name) => ['Approved-by', name]),
    ['Verdict', verdictLine(verdict.findings)],
    ...(rule === undefined ? [] : [['Merged-by-policy', rule]]),
    ...(record.reverts === null ? [] : [['Reverts', String(record.reverts)]]),
  ]
  const body = record.body === '' ? '' : `${record.body}\n\n`
  return `${line(record.title)} (proposal ${record.number})\n\n${body}${trailers.map(([key, value]) => `${key}: ${line(value!) || 'unnamed'}\n`).join('')}`
}
