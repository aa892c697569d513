import { join } from 'node:path'
import type { Log } from '../log.js'
import { fail } from '../errors.js'
import { openBlobs } from './blobs.js'
import { openChecker } from './checked.js'
import { readCommit } from './commit.js'
import { createRepository, type Seed } from './create.js'
import { openDraftBranches } from './draft-branches.js'
import type { Forge, Preview } from './forge.js'
import { planChecked } from './plan.js'
import { changedFiles } from './raw-diff.js'
import { openProposals } from './proposals/proposals.js'
import { settleAll } from './proposals/settle.js'
import { mainOf, type Workshop } from './proposals/workshop.js'
import { isBranch, isObjectId } from './ref-name.js'
import { readRef } from './refs.js'
import { openAudit } from './audit.js'
import { openScratches } from './scratch.js'
import { serveGit } from './serve.js'
import { newsOf, openJudge } from './verdict.js'
import { writeTree } from './write-tree.js'

interface Options {
  readonly dataDir: string
  readonly log: Log
  /** called after main, a proposal or a scratch ref moved: time to reconcile */
  readonly changed: () => void
  /** what a new repository begins with */
  readonly seed?: Seed | undefined
}

/** The embedded forge: a bare repository at `<dataDir>/nets.git`, made when it is not there. */
export async function openBare({ dataDir, log, changed, seed }: Options): Promise<Forge> {
  const git = await createRepository(join(dataDir, 'nets.git'), seed)
  const blobs = openBlobs(git)
  const checker = openChecker(git, blobs)
  const judge = openJudge(git, checker)
  const shop: Workshop = { git, blobs, checker, judge }
  await settleAll(shop)
  const proposals = openProposals(shop)
  const scratch = openScratches(git)
  const drafts = openDraftBranches(shop)

  const compare = async (base: string, head: string): Promise<Preview> => {
    const [from, to] = [await checker.check(base), await checker.check(head)]
    return { base, head, files: await changedFiles(git, base, head), plan: planChecked(from, to), findings: newsOf(from, to) }
  }
  const after = <A extends unknown[], T>(run: (...args: A) => Promise<T>) => async (...args: A): Promise<T> => {
    const result = await run(...args)
    changed()
    return result
  }

  return {
    main: () => mainOf(git),
    async resolve(text) {
      const branch = isBranch(text) ? await readRef(git, `refs/heads/${text}`) : undefined
      if (branch !== undefined) return branch
      const id = isObjectId(text) || /^[0-9a-f]{7,40}$/.test(text) ? await readRef(git, `${text}^{commit}`) : undefined
      return id ?? fail('not-found', `${JSON.stringify(text.slice(0, 200))} names no branch and no commit of the net repository`, 'Give a branch that was pushed, or a commit id.')
    },
    commit: (id) => readCommit(git, id),
    file: async (commit, path) => (await blobs.file(commit, path))?.toString('utf8'),
    check: (treeish, session) => checker.check(treeish, session),
    compare,
    async tried(commit, file) {
      const { findings } = await checker.check(await writeTree(git, commit, { files: [file] }))
      return findings.filter((one) => one.file === file.path)
    },
    preview: async (change) => {
      const base = await mainOf(git)
      return await compare(base, await writeTree(git, base, change))
    },
    drafts,
    proposals: { ...proposals, merge: after(proposals.merge), close: after(proposals.close) },
    scratch: { ...scratch, put: after(scratch.put), remove: after(scratch.remove) },
    audit: openAudit(git),
    serve: (exchange) => serveGit({ git, log, pushed: proposals.pushed }, exchange),
    async maintain() {
      await drafts.sweep()
      await git.run(['-c', 'gc.auto=2000', '-c', 'gc.autoDetach=false', 'gc', '--auto', '--quiet'], { timeoutMs: 1_800_000 })
    },
    close: () => blobs.close(),
  }
}
