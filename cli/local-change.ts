import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { NAME } from '../protocol/api/route.js'
import { CliFailure, usage } from './failure.js'
import type { Shell } from './shell.js'

export interface LocalFile {
  /** path in the repository */
  readonly path: string
  readonly content: string
  /** where it lies on this machine */
  readonly file: string
}

export interface LocalChange {
  readonly files: readonly LocalFile[]
  /** folders of the repository that the files stand for: what is not in them is deleted */
  readonly replace: readonly string[]
  readonly sessions: readonly string[]
}

const NET_FILE = /\.(ya?ml|pnml)$/
const ROOT_FILES = ['policy.yaml', 'models.yaml']

/** Reads a repository folder (with nets/), a folder of one session, one net file, or models.yaml or policy.yaml alone, as a change of the repository. */
export async function readChange(shell: Shell, path: string, session: string | undefined, prune: boolean): Promise<LocalChange> {
  const full = resolve(shell.cwd, path)
  const found = await stat(full).catch(() => undefined)
  if (!found) usage(`there is no ${path}`, 'name a folder or file that is there')
  if (!found.isDirectory() && ROOT_FILES.includes(basename(full))) return { files: [await read(full, basename(full))], replace: [], sessions: [] }
  if (!found.isDirectory()) {
    const name = sessionOf(full, session, path)
    return { files: [await read(full, `nets/${name}/${basename(full)}`)], replace: [], sessions: [name] }
  }
  const repository = await stat(join(full, 'nets')).then((one) => one.isDirectory(), () => false)
  return repository ? readRepository(full, path, prune) : readSession(full, path, session)
}

async function readRepository(root: string, path: string, prune: boolean): Promise<LocalChange> {
  const entries = await readdir(join(root, 'nets'), { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory() && NAME.test(entry.name)).map((entry) => entry.name).sort()
  const files: LocalFile[] = []
  const sessions: string[] = []
  for (const name of folders) {
    const own = await readNets(join(root, 'nets', name), `nets/${name}`)
    if (own.length > 0) sessions.push(name)
    files.push(...own)
  }
  for (const name of ROOT_FILES) {
    if (await stat(join(root, name)).then((one) => one.isFile(), () => false)) files.push(await read(join(root, name), name))
  }
  const executors = await readdir(join(root, 'executors')).catch(() => [] as string[])
  for (const name of executors.filter((one) => one.endsWith('.yaml')).sort()) files.push(await read(join(root, 'executors', name), `executors/${name}`))
  if (files.length === 0) throw new CliFailure(`${path} holds no net files`, 'put nets under nets/<session>/<net>.yaml', 2)
  return { files, replace: prune ? ['nets'] : sessions.map((name) => `nets/${name}`), sessions }
}

async function readSession(folder: string, path: string, session: string | undefined): Promise<LocalChange> {
  const name = sessionOf(join(folder, 'x.yaml'), session, path)
  const files = await readNets(folder, `nets/${name}`)
  if (files.length === 0) throw new CliFailure(`${path} holds no net files`, 'name a folder with *.yaml or *.pnml nets, or one with nets/<session>/', 2)
  return { files, replace: [`nets/${name}`], sessions: [name] }
}

/** The net files of a session's folder. A net may have a folder of its own, for its page and samples: `ssh-watch/ssh-watch.yaml`. */
async function readNets(folder: string, under: string): Promise<LocalFile[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const found = entries.filter((entry) => entry.isFile() && NET_FILE.test(entry.name)).map((entry) => ({ name: entry.name, file: join(folder, entry.name) }))
  for (const { name } of entries.filter((entry) => entry.isDirectory() && NAME.test(entry.name))) {
    const inside = await readdir(join(folder, name))
    found.push(...inside.filter((file) => file === `${name}.yaml` || file === `${name}.pnml`).map((file) => ({ name: file, file: join(folder, name, file) })))
  }
  return Promise.all(found.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, file }) => read(file, `${under}/${name}`)))
}

/** `nets/<session>/` in the path says the session, else the folder's own name does. */
function sessionOf(file: string, given: string | undefined, path: string): string {
  const parts = relative('/', dirname(file)).split(sep)
  const nets = parts.lastIndexOf('nets')
  const name = given ?? (nets >= 0 && nets + 1 < parts.length ? parts[nets + 1]! : parts.at(-1)!)
  if (!NAME.test(name)) usage(`which session does ${path} belong to? ${JSON.stringify(name)} is no name`, 'give it: --session NAME')
  return name
}

async function read(file: string, path: string): Promise<LocalFile> {
  try {
    return { path, content: new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)), file }
  } catch (cause) {
    throw new CliFailure(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, 'save it as UTF-8 text', 2, cause)
  }
}
