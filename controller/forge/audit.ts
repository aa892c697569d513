import { writeCommit, type Actor } from './commit.js'
import type { Git } from './git.js'
import { AUDIT } from './ref-name.js'
import { moveRefs, NONE, readRef, untilTaken } from './refs.js'
import { writeTree } from './write-tree.js'

/** Where a session's log stood: its last event and the hash of its last segment. */
export interface Seal {
  readonly session: string
  readonly seq: number
  readonly head: string
}

/** The log's heads sealed into git: whoever changes the log afterwards must change `git log` of this ref as well. */
export interface Audit {
  /** seals heads, in one commit; the same heads again make none */
  seal(seals: readonly Seal[]): Promise<void>
  /** the last seal of a session */
  last(session: string): Promise<Seal | undefined>
}

const BY: Actor = { name: 'agenticos' }
const fileOf = (session: string): string => `sessions/${session}.json`

export function openAudit(git: Git): Audit {
  return {
    async seal(seals) {
      if (seals.length === 0) return
      const files = seals.map((seal) => ({ path: fileOf(seal.session), content: `${JSON.stringify(seal)}\n` }))
      await untilTaken(git, async () => {
        const before = await readRef(git, AUDIT)
        const tree = await writeTree(git, before, { files })
        if (before !== undefined && (await git.text(['rev-parse', `${before}^{tree}`])) === tree) return true
        const message = `Seal the log of ${seals.length === 1 ? seals[0]!.session : `${seals.length} sessions`}\n`
        const commit = await writeCommit(git, { tree, parents: before === undefined ? [] : [before], message, by: BY })
        return (await moveRefs(git, [{ ref: AUDIT, to: commit, from: before ?? NONE }], 'seal')) || undefined
      })
    },
    async last(session) {
      const answer = await git.run(['cat-file', 'blob', `${AUDIT}:${fileOf(session)}`], { expect: [0, 128] })
      return answer.code === 0 ? (JSON.parse(answer.out.toString('utf8')) as Seal) : undefined
    },
  }
}
