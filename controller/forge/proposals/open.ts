import { fail } from '../../errors.js'
import { line, writeCommit, type Actor } from '../commit.js'
import { mergeTree } from '../merge-tree.js'
import { headRef, isBranch, metaRef } from '../ref-name.js'
import { listRefs, moveRefs, NONE, readRef, untilTaken } from '../refs.js'
import { writeTree, type Change } from '../write-tree.js'
import { readDraftBranch } from '../draft-name.js'
import { listRecords, writeRecord, type Origin, type Record } from './record.js'
import { mainOf, now, type Workshop } from './workshop.js'

interface Words {
  readonly title: string
  /** why, for whoever reviews it */
  readonly body: string
}

/** Opens a proposal from a pushed branch; pushing the branch again moves the proposal along. */
export async function openFromBranch(shop: Workshop, branch: string, words: Words, by: Actor): Promise<Record> {
  if (!isBranch(branch) || branch === 'main')
    fail('bad-branch', branch === 'main' ? 'main cannot be proposed into itself' : `${JSON.stringify(branch.slice(0, 200))} is not a branch name`, 'Push a branch and give its name: git push origin HEAD:my-change.')
  const head = await readRef(shop.git, `refs/heads/${branch}`)
  if (head === undefined) fail('not-found', `there is no branch ${branch} in the net repository`, `Push it first: git push origin HEAD:${branch}.`)
  const same = (await listRecords(shop.git, shop.blobs)).find((one) => one.state === 'open' && one.branch === branch)
  if (same) fail('proposal-exists', `branch ${branch} is proposed already, as ${same.number}`, `Push to the branch to change it, or look at it: agenticos describe proposal ${same.number}.`)
  return await open(shop, head, branch, words, by, null)
}

/** Opens a proposal from files, as a commit on top of main. */
export async function openFromFiles(shop: Workshop, change: Change, words: Words, by: Actor): Promise<Record> {
  const base = await mainOf(shop.git)
  const tree = await writeTree(shop.git, base, change)
  const head = await writeCommit(shop.git, { tree, parents: [base], message: message(words), by })
  return await open(shop, head, '', words, by, null)
}

/** Opens a proposal of a commit that is in the repository already. */
export async function open(shop: Workshop, head: string, branch: string, words: Words, by: Actor, reverts: number | null, origin?: Origin): Promise<Record> {
  const { git } = shop
  const base = await mainOf(git)
  const { tree, conflicts } = await mergeTree(git, base, head)
  if (conflicts.length === 0 && tree === (await git.text(['rev-parse', `${base}^{tree}`])))
    fail('nothing-to-propose', 'main has all of this already: the proposal would change nothing', 'Change a net file first; agenticos diff shows what differs.')
  return await untilTaken(git, async () => {
    // the firings of a conversation may propose its draft at the same time
    if (readDraftBranch(branch) && (await listRecords(git, shop.blobs)).some((one) => one.state === 'open' && one.branch === branch))
      fail('proposal-exists', `draft ${branch} is proposed already`, 'Propose it again: the proposal moves along.')
    const numbers = (await listRefs(git, 'refs/proposals/')).map(({ ref }) => Number(ref.split('/')[2]))
    const number = 1 + Math.max(0, ...numbers.filter((one) => Number.isSafeInteger(one)))
    const at = now()
    const record: Record = {
      version: 1, number, title: line(words.title) || 'Untitled', body: plain(words.body), state: 'open', by: by.name, agent: by.agent === true, branch, base, head,
      createdAt: at, updatedAt: at, approvals: [], comments: [], events: [{ by: by.name, at, what: 'opened' }], merged: null, reverts, ...(origin ? { origin } : {}),
    }
    const meta = await writeRecord(git, record, undefined, by, `${by.name}: opened: ${record.title}`)
    const taken = await moveRefs(git, [{ ref: headRef(number), to: head, from: NONE }, { ref: metaRef(number), to: meta, from: NONE }], `proposal ${number}`)
    return taken ? record : undefined
  })
}

/** The message of a proposal's own commit. */
export function message({ title, body }: Words): string {
  const text = plain(body)
  return `${line(title) || 'Untitled'}\n${text === '' ? '' : `\n${text}\n`}`
}

/** Text of several lines without control characters. */
export function plain(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '').trim()
}
