import type { Finding } from '../../petri/finding.js'
import type { Plan } from '../../petri/plan.js'
import type { Checked, Checker } from './checked.js'
import type { Git } from './git.js'
import { mergeBase, mergeTree } from './merge-tree.js'
import { overlap } from './overlap.js'
import { planChecked } from './plan.js'
import { changedFiles } from './raw-diff.js'

/** What merging a head into a base would do and whether it may be done, apart from approvals. */
export interface Verdict {
  readonly base: string
  readonly head: string
  /** the tree that a merge would give */
  readonly tree: string
  /** files that git cannot join */
  readonly conflicts: readonly string[]
  /** elements that main and the proposal both changed, differently */
  readonly overlaps: readonly string[]
  readonly files: readonly string[]
  readonly plan: Plan
  /** errors of the merged nets, and other findings that the base does not have */
  readonly findings: readonly Finding[]
}

const KEPT = 200
// The merged tree is referred to by nothing until it is merged; git keeps such objects for two weeks.
const KEPT_MS = 86_400_000

export type Judge = (base: string, head: string) => Promise<Verdict>

/** Judges merges: both sides checked, the merge made in git, planned and compared. Kept by the two commits. */
export function openJudge(git: Git, checker: Checker): Judge {
  const kept = new Map<string, { readonly verdict: Promise<Verdict>; readonly until: number }>()
  return (base, head) => {
    const key = `${base} ${head}`
    const before = kept.get(key)
    const known = before && before.until > performance.now() ? before : { verdict: judge(git, checker, base, head), until: performance.now() + KEPT_MS }
    kept.delete(key)
    kept.set(key, known)
    known.verdict.catch(() => kept.delete(key))
    if (kept.size > KEPT) kept.delete(kept.keys().next().value!)
    return known.verdict
  }
}

async function judge(git: Git, checker: Checker, base: string, head: string): Promise<Verdict> {
  const { tree, conflicts } = await mergeTree(git, base, head)
  const before = await checker.check(base)
  const fork = await mergeBase(git, base, head)
  const overlaps = fork === undefined || fork === base || fork === head ? [] : overlap(await checker.check(fork), before, await checker.check(head))
  // With conflicts there is no merged net to show: the head's own is shown against where it began.
  const [from, to] = conflicts.length > 0 && fork !== undefined ? [await checker.check(fork), await checker.check(head)] : [before, await checker.check(tree)]
  const files = conflicts.length > 0 ? conflicts : await changedFiles(git, base, tree)
  return { base, head, tree, conflicts, overlaps, files, plan: planChecked(from, to), findings: newsOf(from, to) }
}

/** What is wrong after a change: all errors, and other findings that were not there before. */
export function newsOf(before: Checked, after: Checked): Finding[] {
  const text = (one: Finding): string => [one.code, one.file, one.element, one.message].join('\n')
  const known = new Set(before.findings.map(text))
  return after.findings.filter((one) => one.level === 'error' || !known.has(text(one)))
}

/** How the trailer of a merge says it: `clean`, or `2 warnings, 1 info`. */
export function verdictLine(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'clean'
  const count = (level: Finding['level'], many: string): string[] => {
    const found = findings.filter((one) => one.level === level).length
    return found === 0 ? [] : [`${found} ${found === 1 ? level : many}`]
  }
  return [...count('error', 'errors'), ...count('warning', 'warnings'), ...count('info', 'infos')].join(', ')
}

