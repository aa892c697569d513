import { fail } from '../errors.js'
import { writeCommit, type Actor } from './commit.js'
import type { Git } from './git.js'
import { SCRATCH } from './layout.js'
import { isName, scratchRef } from './ref-name.js'
import { listRefs, moveRefs, NONE, readRef, untilTaken } from './refs.js'
import { writeTree } from './write-tree.js'

/** Sessions for trying out (`agenticos dev --apply`): refs/scratch/<name> holds nets/scratch-<name>/ and nothing of main. */
export interface Scratches {
  /** runs exactly these files of one session's folder (`ssh-watch.yaml`); gives session and commit */
  put(name: string, files: readonly { readonly path: string; readonly content: string }[], by: Actor): Promise<{ readonly session: string; readonly commit: string }>
  remove(name: string): Promise<boolean>
  list(): Promise<{ readonly name: string; readonly session: string; readonly commit: string }[]>
}

export function openScratches(git: Git): Scratches {
  return {
    async put(name, files, by) {
      const session = `${SCRATCH}${name}`
      if (!isName(name) || !isName(session)) fail('bad-path', `${JSON.stringify(name.slice(0, 100))} is not a name for a scratch session`, 'Use a lower-case letter, then letters, digits or hyphens, 55 at most.')
      for (const { path } of files)
        if (path.includes('/')) fail('bad-path', `${path} lies deeper than a session’s own folder`, 'Name the folder that holds the net files themselves.')
      const tree = await writeTree(git, undefined, { files: files.map(({ path, content }) => ({ path: `nets/${session}/${path}`, content })) })
      return await untilTaken(git, async () => {
        const ref = scratchRef(name)
        const before = await readRef(git, ref)
        if (before !== undefined && (await git.text(['rev-parse', `${before}^{tree}`])) === tree) return { session, commit: before }
        const commit = await writeCommit(git, { tree, parents: [], message: `Scratch session ${name}\n`, by })
        return (await moveRefs(git, [{ ref, to: commit, from: before ?? NONE }], `scratch ${name}`)) ? { session, commit } : undefined
      })
    },
    async remove(name) {
      if (!isName(name)) return false
      return await untilTaken(git, async () => {
        const before = await readRef(git, scratchRef(name))
        if (before === undefined) return false
        return (await moveRefs(git, [{ ref: scratchRef(name), to: NONE, from: before }], `scratch ${name} ends`)) ? true : undefined
      })
    },
    async list() {
      const refs = await listRefs(git, 'refs/scratch/')
      return refs.map(({ ref, id }) => ({ name: ref.slice('refs/scratch/'.length), session: `${SCRATCH}${ref.slice('refs/scratch/'.length)}`, commit: id })).filter(({ name }) => isName(name))
    },
  }
}
