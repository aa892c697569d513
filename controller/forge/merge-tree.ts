import { fail } from '../errors.js'
import { writeCommit } from './commit.js'
import type { Git } from './git.js'
import { rawDiff, readable, type Changed } from './raw-diff.js'
import { editTree } from './write-tree.js'

// git's own merge guesses renames and cannot be told not to (merge.renames=false is without effect before 2.50), so that a change
// of one net could be carried over to another that looks alike. Files are therefore matched by their paths here; only the lines
// of a file that both sides changed are merged by git.

export interface Merged {
  /** the merged tree; without the conflicting files' changes when there are conflicts */
  readonly tree: string
  /** files that both sides changed in ways that cannot be joined */
  readonly conflicts: readonly string[]
}

/** Three-way merge of two commits without a work tree. No ref moves. */
export async function mergeTree(git: Git, ours: string, theirs: string): Promise<Merged> {
  const base = await mergeBase(git, ours, theirs)
  if (base === undefined)
    return fail('unrelated-history', `commit ${theirs.slice(0, 12)} has no history in common with main`, 'Clone the repository, make the change on a branch of main, and push that branch.')
  if (base === theirs || base === ours) return { tree: await git.text(['rev-parse', '--verify', `${base === theirs ? ours : theirs}^{tree}`]), conflicts: [] }

  const [mine, yours] = [await rawDiff(git, base, ours), await rawDiff(git, base, theirs)]
  const folders = foldersOf(mine)
  const taken = new Map<string, string>()
  const both: [string, Changed, Changed][] = []
  const conflicts: string[] = []
  for (const [path, change] of yours) {
    const own = mine.get(path)
    if (own?.after === change.after) continue
    if (own) {
      if ([own.before, own.after, change.after].every((one) => one.startsWith('100'))) both.push([path, own, change])
      else conflicts.push(path)
    } else if (change.after !== '' && (folders.has(path) || parentsOf(path).some((parent) => (mine.get(parent)?.after ?? '') !== ''))) conflicts.push(path)
    else taken.set(path, change.after)
  }
  for (const [path, merged] of await mergeLines(git, both)) {
    if (merged === undefined) conflicts.push(path)
    else taken.set(path, merged)
  }
  return { tree: await editTree(git, ours, taken), conflicts: conflicts.map(readable) }
}

/** Merges files that all three sides have: each path's new entry, or undefined where the lines conflict. */
async function mergeLines(git: Git, files: readonly [string, Changed, Changed][]): Promise<[string, string | undefined][]> {
  if (files.length === 0) return []
  const by = { name: 'agenticos' }
  const commit = async (entries: readonly string[], parents: readonly string[]): Promise<string> => {
    const rows = entries.map((one, at) => `${one.replace(' ', ' blob ')}\t${at}\n`)
    return await writeCommit(git, { tree: await git.text(['mktree'], { input: rows.join('') }), parents, message: 'merge\n', by })
  }
  const base = await commit(files.map(([, { before }]) => before), [])
  const ours = await commit(files.map(([, { after }]) => after), [base])
  const theirs = await commit(files.map(([, , { after }]) => after), [base])
  const { out } = await git.run(['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', ours, theirs], { expect: [0, 1] })
  const [tree = '', ...clashing] = out.toString('utf8').split('\0')
  const clashes = new Set(clashing)
  const rows = (await git.text(['ls-tree', tree])).split('\n').map((row) => /^(\d+) blob ([0-9a-f]+)\t(\d+)$/.exec(row))
  const merged = new Map(rows.flatMap((row) => (row ? [[row[3]!, `${row[1]!} ${row[2]!}`] as const] : [])))
  return files.map(([path], at) => [path, clashes.has(String(at)) ? undefined : merged.get(String(at))])
}

/** Every folder that a side has files in which it changed. */
function foldersOf(changes: ReadonlyMap<string, Changed>): Set<string> {
  return new Set([...changes].flatMap(([path, { after }]) => (after === '' ? [] : parentsOf(path))))
}

function parentsOf(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('/'))
}

const KEPT_BASES = 10_000
const bases = new WeakMap<Git, Map<string, string | undefined>>()

/** The newest common ancestor of two commits, or undefined. Never another one for the same two: it is asked once. */
export async function mergeBase(git: Git, one: string, other: string): Promise<string | undefined> {
  const key = `${one} ${other}`
  const known = basesOf(git)
  if (known.has(key)) return known.get(key)
  const answer = await git.run(['merge-base', one, other], { expect: [0, 1] })
  return noteBase(git, one, other, answer.code === 0 ? answer.out.toString('utf8').trim() : undefined)
}

/** Notes what is known to be the newest common ancestor of two commits. */
export function noteBase(git: Git, one: string, other: string, base: string | undefined): string | undefined {
  const known = basesOf(git)
  known.set(`${one} ${other}`, base)
  if (known.size > KEPT_BASES) known.delete(known.keys().next().value!)
  return base
}

function basesOf(git: Git): Map<string, string | undefined> {
  const known = bases.get(git) ?? new Map<string, string | undefined>()
  bases.set(git, known)
  return known
}
