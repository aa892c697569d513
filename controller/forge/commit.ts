import type { Git } from './git.js'

/** Who does something: a person or an agent, by the name of the access token. */
export interface Actor {
  readonly name: string
  /** agents never approve and never merge */
  readonly agent?: boolean | undefined
}

export interface NewCommit {
  readonly tree: string
  readonly parents: readonly string[]
  readonly message: string
  readonly by: Actor
}

export interface CommitInfo {
  readonly commit: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: string
  readonly subject: string
  /** ISO 8601 */
  readonly committedAt: string
}

/** One line of printable text: what a name or title may be in a commit, where a line break would forge a trailer. */
export function line(text: string, longest = 200): string {
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').replace(/ +/g, ' ').trim()
  return [...plain].slice(0, longest).join('')
}

/** Writes a commit object; no ref points at it yet. */
export async function writeCommit(git: Git, { tree, parents, message, by }: NewCommit): Promise<string> {
  const name = line(by.name, 100).replace(/[<>]/g, '') || 'someone'
  const email = `${name.toLowerCase().replace(/[^a-z0-9.-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '') || 'someone'}@agenticos`
  const env = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: 'agenticos', GIT_COMMITTER_EMAIL: 'controller@agenticos' }
  return await git.text(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])], { input: message, env })
}

/** What a commit says of itself. */
export async function readCommit(git: Git, commit: string): Promise<CommitInfo> {
  const format = '%H%x00%T%x00%P%x00%an%x00%s%x00%cI'
  const [id = '', tree = '', parents = '', author = '', subject = '', committedAt = ''] =
    (await git.text(['show', '-s', '--no-show-signature', `--format=${format}`, '--end-of-options', commit])).split('\0')
  return { commit: id, tree, parents: parents.split(' ').filter((parent) => parent !== ''), author, subject, committedAt }
}
