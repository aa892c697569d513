import { Failure } from '../errors.js'
import type { Actor } from './commit.js'
import { draftBranch, type DraftName } from './draft-name.js'
import { judgeDraft } from './draft-show.js'
import { bodyOf, withRequest, type Request } from './draft-words.js'
import { open, plain } from './proposals/open.js'
import { listRecords, type Origin, type Record } from './proposals/record.js'
import { revise } from './proposals/revise.js'
import type { Workshop } from './proposals/workshop.js'

/** What an agent or a person says with a draft that is to be proposed. */
export interface DraftWords {
  readonly title: string
  readonly body: string
  /** of an agent: `bodyOf` makes the body of it */
  readonly origin?: Omit<Origin, 'requests'> | undefined
  readonly request?: Request | undefined
}

export interface DraftProposed {
  readonly record: Record
  /** false: it went on with the proposal of the same conversation */
  readonly opened: boolean
  /** false: it was proposed as it is already */
  readonly moved: boolean
}

/** Opens the proposal of a draft, or moves the open one along; undefined when the draft changes nothing. */
export async function proposeDraft(shop: Workshop, name: DraftName, words: DraftWords, by: Actor): Promise<DraftProposed | undefined> {
  const verdict = await judgeDraft(shop, name)
  if (!verdict || verdict.files.length === 0) return undefined
  const branch = draftBranch(name)
  const known = async (): Promise<Record | undefined> => (await listRecords(shop.git, shop.blobs)).find((one) => one.state === 'open' && one.branch === branch)
  const before = await known()
  if (before) return await goOn(shop, before, verdict.head, words, by)
  const origin = originOf(words, undefined)
  try {
    return { record: await open(shop, verdict.head, branch, { title: words.title, body: origin ? bodyOf(origin) : words.body }, by, null, origin), opened: true, moved: true }
  } catch (error) {
    // another firing of the conversation was first, or main got all of it in this moment
    if (error instanceof Failure && error.code === 'nothing-to-propose') return undefined
    const other = error instanceof Failure && error.code === 'proposal-exists' ? await known() : undefined
    if (!other) throw error
    return await goOn(shop, other, verdict.head, words, by)
  }
}

async function goOn(shop: Workshop, before: Record, head: string, words: DraftWords, by: Actor): Promise<DraftProposed> {
  const record = await revise(shop, before.number, head, by, (now) => {
    const origin = originOf(words, now.origin)
    return origin ? { ...now, agent: now.agent || by.agent === true, body: plain(bodyOf(origin)), origin } : { ...now, body: plain(words.body) }
  })
  return { record, opened: false, moved: before.head !== record.head }
}

function originOf({ origin, request }: DraftWords, before: Origin | undefined): Origin | undefined {
  return origin && request ? withRequest(origin, before, request) : undefined
}

