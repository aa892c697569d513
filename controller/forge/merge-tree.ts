import { fail } from '../errors.js'
import { GitError, type Git } from './git.js'

export interface Merged {
  /** the merged tree; with conflict markers in it when there are conflicts */
  readonly tree: string
  /** files that both sides changed in ways git cannot join */
  readonly conflicts: readonly string[]
}

/** Three-way merge of two commits, in git itself and without a work tree. No ref moves. */
export async function mergeTree(git: Git, ours: string, theirs: string): Promise<Merged> {
  try {
    const { out } = await git.run(['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', ours, theirs], { expect: [0, 1] })
    const [tree = '', ...files] = out.toString('utf8').split('\0')
    return { tree, conflicts: [...new Set(files.filter((file) => file !== ''))] }
  } catch (error) {
    if (error instanceof GitError && error.said.includes('unrelated histories'))
      fail('unrelated-history', `commit ${theirs.slice(0, 12)} has no history in common with main`, 'Clone the repository, make the change on a branch of main, and push that branch.')
    throw error
  }
}

/** The newest common ancestor of two commits, or undefined. */
export async function mergeBase(git: Git, one: string, other: string): Promise<string | undefined> {
  const answer = await git.run(['merge-base', one, other], { expect: [0, 1] })
  return answer.code === 0 ? answer.out.toString('utf8').trim() : undefined
}

/** Files that differ between two commits or trees. */
export async function changedFiles(git: Git, before: string, after: string): Promise<string[]> {
  const { out } = await git.run(['diff-tree', '-r', '-z', '--no-renames', '--name-only', before, after])
  return out.toString('utf8').split('\0').filter((file) => file !== '')
}
