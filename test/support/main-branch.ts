import { writeCommit } from '../../controller/forge/commit.js'
import type { Git } from '../../controller/forge/git.js'
import { MAIN } from '../../controller/forge/ref-name.js'
import { writeTree } from '../../controller/forge/write-tree.js'

/** Puts a commit on main past every check, as only someone with the repository's own files in hands can. */
export async function forced(git: Git, files: Readonly<Record<string, string | null>>): Promise<string> {
  const main = await git.text(['rev-parse', MAIN])
  const tree = await writeTree(git, main, { files: Object.entries(files).map(([path, content]) => ({ path, content })) })
  const commit = await writeCommit(git, { tree, parents: [main], message: 'Forced\n', by: { name: 'root' } })
  await git.run(['update-ref', MAIN, commit])
  return commit
}
