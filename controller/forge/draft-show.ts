import type { Finding } from '../../petri/finding.js'
import { draftBranch, DRAFTS, readDraftBranch, type DraftName } from './draft-name.js'
import { stateOf } from './draft-write.js'
import { mergeBase } from './merge-tree.js'
import { listRecords } from './proposals/record.js'
import type { Workshop } from './proposals/workshop.js'
import { changedFiles } from './raw-diff.js'
import { listRefs } from './refs.js'
import type { Verdict } from './verdict.js'

/** A draft as people look at it. */
export interface DraftShown extends DraftName {
  readonly branch: string
  /** the commit of main that it began at */
  readonly base: string
  readonly head: string
  /** who made its first edit */
  readonly by: string
  /** firing that made its newest edit; null when a person did */
  readonly firing: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly files: readonly string[]
  /** number of its open proposal */
  readonly proposal: number | null
}

export async function listDrafts(shop: Workshop): Promise<DraftShown[]> {
  const proposals = await openByBranch(shop)
  const shown: DraftShown[] = []
  for (const { ref } of await listRefs(shop.git, DRAFTS)) {
    const name = readDraftBranch(ref)
    const one = name && (await show(shop, name, proposals))
    if (one) shown.push(one)
  }
  return shown.sort((a, b) => (isOlder(a, b) ? 1 : -1))
}

/** Whether a draft comes after another in the list: newest edit first, then by name. */
export function isOlder(a: Pick<DraftShown, 'updatedAt' | 'branch'>, b: Pick<DraftShown, 'updatedAt' | 'branch'>): boolean {
  return a.updatedAt === b.updatedAt ? a.branch > b.branch : a.updatedAt < b.updatedAt
}

export async function findDraft(shop: Workshop, name: DraftName): Promise<DraftShown | undefined> {
  return await show(shop, name, await openByBranch(shop))
}

/** What merging the draft into main would do; undefined when there is no draft, or nothing in it. */
export async function judgeDraft(shop: Workshop, name: DraftName): Promise<Verdict | undefined> {
  const { main, id, live } = await stateOf(shop, name)
  return live ? await shop.judge(main, id!) : undefined
}

/** What of a verdict its author has to know, errors first: findings, and where main changed the same in the meantime. */
export function troubles({ conflicts, overlaps, findings }: Verdict): Finding[] {
  const clash = (file: string, element: string): Finding => ({
    ...MOVED, file, line: 1, column: 1, element, message: `Main changed ${element === '' ? file : element} too since the draft began, in another way.`,
  })
  return [...conflicts.map((file) => clash(file, '')), ...overlaps.map((element) => clash('', element)), ...findings]
}

const MOVED = { code: 'main-moved', level: 'error', remedy: 'Look at what main has (GET_NET_STRUCTURE, ref running) and make the draft say the same there, or leave that part alone.' } as const

async function show({ git, blobs }: Workshop, name: DraftName, proposals: ReadonlyMap<string, number>): Promise<DraftShown | undefined> {
  const { main, id, live } = await stateOf({ git, blobs }, name)
  const base = live ? await mergeBase(git, main, id!) : undefined
  if (id === undefined || base === undefined) return undefined
  const format = '%an%x00%cI%x00%(trailers:key=Firing,valueonly,separator=%x2C)'
  const rows = (await git.text(['log', '--first-parent', '--no-show-signature', `--format=${format}`, `${base}..${id}`])).split('\n').map((row) => row.split('\0'))
  const [, updatedAt = '', firing = ''] = rows[0] ?? []
  const [by = '', createdAt = ''] = rows.at(-1) ?? []
  const branch = draftBranch(name)
  return { ...name, branch, base, head: id, by, firing: firing === '' ? null : firing, createdAt, updatedAt, files: await changedFiles(git, base, id), proposal: proposals.get(branch) ?? null }
}

async function openByBranch({ git, blobs }: Workshop): Promise<ReadonlyMap<string, number>> {
  const records = await listRecords(git, blobs)
  return new Map(records.flatMap(({ state, branch, number }) => (state === 'open' && branch !== '' ? [[branch, number] as const] : [])))
}
