import { line, writeCommit, type Actor } from './commit.js'
import { draftBranch, draftRef, type DraftName } from './draft-name.js'
import { mergeBase, noteBase } from './merge-tree.js'
import { mainOf, type Workshop } from './proposals/workshop.js'
import { MAIN } from './ref-name.js'
import { moveRefs, NONE, untilTaken } from './refs.js'
import { writeTree, type Change } from './write-tree.js'

export interface DraftEdit {
  /** subject of the commit */
  readonly what: string
  readonly by: Actor
  /** `Tool`, `Firing`, `Conversation`; the draft's own is added */
  readonly trailers: Readonly<Record<string, string>>
  /** the files to write, given how the draft has them; run again when another writer was first. Throws to leave all as it is */
  readonly edit: (read: (path: string) => Promise<string | undefined>) => Promise<Change['files']>
}

export interface DraftWritten {
  /** the draft's newest commit; main's when there is no draft, since nothing was changed */
  readonly head: string
  readonly changed: boolean
}

/** Makes one edit a commit on top of the draft, or of main where the draft is to begin. An edit that changes nothing leaves no trace. */
export async function writeDraft({ git, blobs }: Workshop, name: DraftName, { what, by, trailers, edit }: DraftEdit): Promise<DraftWritten> {
  const ref = draftRef(name)
  return await untilTaken(git, async () => {
    const { main, id, live } = await stateOf({ git, blobs }, name)
    const base = live ? id! : main
    const read = async (path: string): Promise<string | undefined> => (await blobs.file(base, path))?.toString('utf8')
    const asked = await edit(read)
    const files: Change['files'][number][] = []
    for (const file of asked) if (((await read(file.path)) ?? null) !== file.content) files.push(file)
    if (files.length === 0) return { head: base, changed: false }
    const tree = await writeTree(git, base, { files })
    const lines = Object.entries({ Draft: draftBranch(name), ...trailers }).map(([key, value]) => `${key}: ${line(value) || 'none'}\n`)
    const commit = await writeCommit(git, { tree, parents: [base], message: `${line(what)}\n\n${lines.join('')}`, by })
    noteBase(git, main, commit, await mergeBase(git, main, base))
    return (await moveRefs(git, [{ ref, to: commit, from: id ?? NONE }], what)) ? { head: commit, changed: true } : undefined
  })
}

export interface DraftState {
  readonly main: string
  /** the commit of the draft's branch */
  readonly id: string | undefined
  /** whether it goes on: one that main has already is over, and the next edit begins anew */
  readonly live: boolean
}

export async function stateOf({ git, blobs }: Pick<Workshop, 'git' | 'blobs'>, name: DraftName): Promise<DraftState> {
  const [main, id] = await Promise.all([blobs.ref(MAIN), blobs.ref(draftRef(name))])
  return { main: main ?? (await mainOf(git)), id, live: id !== undefined && main !== undefined && (await mergeBase(git, main, id)) !== id }
}
