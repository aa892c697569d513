import { fail } from '../errors.js'
import { GitError, type Git } from './git.js'

/** No object: as an old value, the ref must not exist; as a new one, it is deleted. */
export const NONE = '0'.repeat(40)

export type RefChange =
  | { readonly ref: string; readonly to: string; readonly from: string }
  /** only checked, not changed */
  | { readonly ref: string; readonly is: string }

/** All changes or none, each only if its ref still has the old value. False when one had moved: read again. */
export async function moveRefs(git: Git, changes: readonly RefChange[], why: string): Promise<boolean> {
  const lines = changes.map((change) =>
    'is' in change ? `verify ${change.ref} ${change.is}\n` : `update ${change.ref} ${change.to} ${change.from}\n`)
  try {
    await git.run(['update-ref', '-m', why.replace(/\s+/g, ' ').slice(0, 200), '--stdin'], { input: ['start\n', ...lines, 'prepare\n', 'commit\n'] })
    return true
  } catch (error) {
    // What git says when a ref is not what was expected, or when another writer holds its lock at this moment.
    if (error instanceof GitError && /but expected|reference already exists|unable to resolve reference|Unable to create .*\.lock/.test(error.said)) return false
    throw error
  }
}

/** The object of a ref, or undefined when there is none. */
export async function readRef(git: Git, ref: string): Promise<string | undefined> {
  const answer = await git.run(['rev-parse', '--quiet', '--verify', '--end-of-options', ref], { expect: [0, 1, 128] })
  return answer.code === 0 ? answer.out.toString('utf8').trim() : undefined
}

/** Refs under a prefix (`refs/scratch/`), by name. */
export async function listRefs(git: Git, prefix: string): Promise<{ readonly ref: string; readonly id: string }[]> {
  const text = await git.text(['for-each-ref', '--format=%(objectname) %(refname)', prefix])
  return text.split('\n').filter((line) => line !== '').map((line) => ({ id: line.slice(0, line.indexOf(' ')), ref: line.slice(line.indexOf(' ') + 1) }))
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const turns = new WeakMap<Git, Promise<unknown>>()

/**
 * Runs a read-then-compare-and-set until it takes; `attempt` gives undefined when another writer was first. Those of this
 * process take turns, so only other processes are raced with. Not to be nested.
 */
export function untilTaken<T>(git: Git, attempt: () => Promise<T | undefined>): Promise<T> {
  const mine = (turns.get(git) ?? Promise.resolve()).then(() => race(attempt))
  turns.set(git, mine.catch(() => {}))
  return mine
}

async function race<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let round = 0; round < 50; round++) {
    const result = await attempt()
    if (result !== undefined) return result
    await pause(Math.min(200, 2 ** Math.min(round, 6)) * (0.5 + Math.random()))
  }
  return fail('repository-busy', 'fifty attempts to change the repository were each overtaken by another writer', 'Try again in a moment.')
}
