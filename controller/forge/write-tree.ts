import { createHash, randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fail } from '../errors.js'
import type { Git } from './git.js'
import { NONE } from './refs.js'
import { listTree } from './tree.js'

/** A change as files: content null deletes; net files under a `replace` folder that are not named are deleted (a README beside them stays). */
export interface Change {
  readonly files: readonly { readonly path: string; readonly content: string | null }[]
  readonly replace?: readonly string[]
}

const NET_FILE = /\.(ya?ml|pnml)$/

/** Writes the tree that a change makes of `base` (a commit or tree, or nothing). No ref moves. */
export async function writeTree(git: Git, base: string | undefined, change: Change): Promise<string> {
  const replace = (change.replace ?? []).map((path) => path.replace(/\/+$/, ''))
  for (const path of [...change.files.map((file) => file.path), ...replace]) requirePath(path)
  requireApart(change.files)
  const edits = new Map<string, string>()
  if (base !== undefined && replace.length > 0)
    for (const { path } of await listTree(git, base, replace.map((path) => `:(literal)${path}`))) if (NET_FILE.test(path)) edits.set(bytesOf(path), '')
  const contents: Buffer[] = []
  for (const { path, content } of change.files) {
    const bytes = content === null ? undefined : Buffer.from(content, 'utf8')
    if (bytes) contents.push(bytes)
    edits.set(bytesOf(path), bytes ? `100644 ${blobId(bytes)}` : '')
  }
  if (contents.length > 0) await writeBlobs(git, contents)
  return await editTree(git, base, edits)
}

/** Writes the tree that comes of new entries (`100644 <id>`, or '' to take one away) by path, a character a byte. */
export async function editTree(git: Git, base: string | undefined, edits: ReadonlyMap<string, string>): Promise<string> {
  if (base !== undefined && edits.size === 0) return await git.text(['rev-parse', '--verify', `${base}^{tree}`])
  const rows = [...edits].map(([path, entry]) => `${entry === '' ? `0 ${NONE}` : entry}\t${path}\0`)
  const index = join(git.dir, `index.${randomUUID()}`)
  const env = { GIT_INDEX_FILE: index }
  try {
    await git.run(base === undefined ? ['read-tree', '--empty'] : ['read-tree', base], { env })
    await git.run(['update-index', '-z', '--replace', '--index-info'], { env, input: Buffer.from(rows.join(''), 'latin1') })
    return await git.text(['write-tree'], { env })
  } finally {
    await rm(index, { force: true })
  }
}

const bytesOf = (path: string): string => Buffer.from(path, 'utf8').toString('latin1')

/** The id that git gives to this content. */
export function blobId(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
}

/** A tree of one file. */
export async function writeOneFile(git: Git, name: string, content: string): Promise<string> {
  const blob = await git.text(['hash-object', '-w', '--stdin'], { input: content })
  return await git.text(['mktree'], { input: `100644 blob ${blob}\t${name}\n` })
}

async function writeBlobs(git: Git, contents: readonly Buffer[]): Promise<void> {
  const input = contents.flatMap((content) => [`blob\ndata ${content.length}\n`, content, '\n'])
  await git.run(['fast-import', '--quiet', '--done'], { input: [...input, 'done\n'] })
}

/** A change says each path once, and none is a file and a folder at the same time: one of the two would vanish without a word. */
function requireApart(files: Change['files']): void {
  const named = new Set<string>()
  for (const { path } of files) {
    if (named.has(path)) fail('bad-path', `${path} stands twice in the change`, 'Name each file once.')
    named.add(path)
  }
  const written = new Set(files.filter(({ content }) => content !== null).map(({ path }) => path))
  for (const path of written) {
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
      if (written.has(path.slice(0, cut))) fail('bad-path', `${path.slice(0, cut)} would be a file and a folder`, 'Give one of the two another name.')
    }
  }
}

function requirePath(path: string): void {
  const parts = path.split('/')
  // Names that some file system takes for `.git` are refused as git itself refuses them on checkout.
  const bad = parts.some((part) => part === '' || part === '.' || part === '..' || /^(\.git|git~\d+)[\s.]*(:.*)?$/i.test(part.replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, '')))
  if (!bad && Buffer.byteLength(path) <= 1_000 && !/[\u0000-\u001f\u007f\\]/.test(path)) return
  fail('bad-path', `${JSON.stringify(path.slice(0, 200))} is not a path in a repository`, 'Give a relative path with forward slashes, without . or .. parts, such as nets/demo/ssh-watch.yaml.')
}
