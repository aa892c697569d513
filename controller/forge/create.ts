import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fail } from '../errors.js'
import { writeCommit, type Actor } from './commit.js'
import { openGit, type Git } from './git.js'
import { MAIN } from './ref-name.js'
import { moveRefs, NONE } from './refs.js'
import { writeTree } from './write-tree.js'

/** What a new repository begins with. */
export interface Seed {
  readonly files: readonly { readonly path: string; readonly content: string }[]
  readonly message: string
  readonly by: Actor
}

const README = `# Nets

This repository is what the AgenticNetsOS controller runs: \`nets/<session>/<net>.yaml\`.
Change it by proposal: push a branch, then \`agenticos propose --branch <branch>\`. A merge is the approval.
`

/** The bare repository in `dir`, made with its first commit when there is none. Two that make it at once end with one. */
export async function createRepository(dir: string, seed?: Seed): Promise<Git> {
  await requireGit(openGit(dirname(dir)))
  const git = openGit(dir)
  if (await exists(join(dir, 'HEAD'))) return git
  await mkdir(dirname(dir), { recursive: true })
  const building = `${dir}.${randomUUID()}`
  const made = openGit(building)
  try {
    await made.run(['init', '--quiet', '--bare', '--initial-branch=main', '--object-format=sha1', '--template=', building])
    const files = [{ path: 'README.md', content: README }, ...(seed?.files ?? [])]
    const tree = await writeTree(made, undefined, { files })
    const commit = await writeCommit(made, { tree, parents: [], message: `${seed?.message ?? 'Begin the net repository'}\n`, by: seed?.by ?? { name: 'agenticos' } })
    await moveRefs(made, [{ ref: MAIN, to: commit, from: NONE }], 'begin')
    await rename(building, dir)
  } catch (error) {
    await rm(building, { recursive: true, force: true })
    if (!(await exists(join(dir, 'HEAD')))) throw error
  }
  return git
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(() => true, () => false)
}

async function requireGit(git: Git): Promise<void> {
  const said = await git.text(['--version'])
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(said) ?? []
  if (Number(major) < 2 || (Number(major) === 2 && Number(minor) < 38))
    fail('git-missing', `${said} is too old: merging without a work tree needs 2.38`, 'Install git 2.38 or newer and have it in PATH.')
}
