import type { Finding } from '../../petri/finding.js'
import { isName } from './ref-name.js'
import type { TreeFile } from './tree.js'

/** Which file of a tree is what: nets by session and name, settings by path, and what lies where nothing should. */
export interface Layout {
  readonly sessions: ReadonlyMap<string, SessionFolder>
  readonly policy: TreeFile | undefined
  readonly models: TreeFile | undefined
  readonly executors: readonly TreeFile[]
  readonly findings: readonly Finding[]
}

export interface SessionFolder {
  readonly config: TreeFile | undefined
  readonly nets: ReadonlyMap<string, TreeFile>
}

/** Sessions that begin so belong to scratch refs alone. */
export const SCRATCH = 'scratch-'

const MOST_FILES = 20_000

/** Sorts the files of a tree. `scratch`: the one session that the tree of a scratch ref may hold. */
export function layOut(files: readonly TreeFile[], scratch?: string): Layout {
  const sessions = new Map<string, { config: TreeFile | undefined; nets: Map<string, TreeFile> }>()
  const findings: Finding[] = []
  const executors: TreeFile[] = []
  let policy: TreeFile | undefined
  let models: TreeFile | undefined
  const say = (file: TreeFile, what: Pick<Finding, 'code' | 'level' | 'message' | 'remedy'>): void => {
    findings.push({ ...what, file: file.path, line: 1, column: 1, element: '' })
  }

  if (files.length > MOST_FILES) {
    const message = `there are ${files.length} files under nets/ and executors/; ${MOST_FILES} are read at most`
    say(files[MOST_FILES]!, { code: 'too-many-files', level: 'error', message, remedy: 'Keep data out of the net repository.' })
  }
  for (const file of files.slice(0, MOST_FILES)) {
    if (file.form !== 'file') {
      const what = file.form === 'link' ? 'a symbolic link' : 'a submodule'
      say(file, { code: 'not-a-file', level: 'warning', message: `${file.path} is ${what} and is ignored`, remedy: 'Put the file itself there.' })
      continue
    }
    const parts = file.path.split('/')
    const last = parts.at(-1) ?? ''
    if (file.path === 'policy.yaml') policy = file
    else if (file.path === 'models.yaml') models = file
    else if (parts[0] === 'executors' && parts.length === 2 && last.endsWith('.yaml')) executors.push(file)
    else if (parts[0] === 'nets' && parts.length === 3) place(parts[1]!, last, file)
    else if (parts[0] === 'nets' && /\.(ya?ml|pnml)$/.test(last)) {
      const where = parts.length < 3 ? 'belongs to no session' : 'lies deeper than its session’s folder'
      say(file, { code: 'misplaced-file', level: 'warning', message: `${file.path} ${where} and is ignored`, remedy: 'Move it to where nets are read: nets/<session>/<net>.yaml.' })
    }
  }
  return { sessions, policy, models, executors, findings }

  function place(session: string, last: string, file: TreeFile): void {
    if (last.endsWith('.yml')) {
      say(file, { code: 'file-name', level: 'error', message: `${file.path} ends in .yml, which is not read`, remedy: `Rename it to ${last.slice(0, -4)}.yaml.` })
      return
    }
    const name = last.replace(/\.(yaml|pnml)$/, '')
    if (name === last) return
    if (!isName(session) || !isName(name)) {
      const bad = isName(session) ? name : session
      const message = `${JSON.stringify(bad)} in ${JSON.stringify(file.path)} is not a name`
      say(file, { code: 'file-name', level: 'error', message, remedy: 'Use a lower-case letter, then up to 62 letters, digits or hyphens.' })
      return
    }
    if (scratch === undefined ? session.startsWith(SCRATCH) : session !== scratch) {
      const remedy = scratch === undefined ? `Names that begin with ${SCRATCH} are kept for agenticos dev; choose another name.` : `A scratch ref holds nets/${scratch}/ alone.`
      say(file, { code: 'scratch-session', level: 'error', message: `the session ${session} cannot stand here`, remedy })
      return
    }
    const folder = sessions.get(session) ?? { config: undefined, nets: new Map<string, TreeFile>() }
    sessions.set(session, folder)
    if (last === 'session.yaml') folder.config = file
    else if (name === 'session')
      say(file, { code: 'file-name', level: 'error', message: `${file.path}: a session is described in YAML, and no net is called session`, remedy: 'Rename the net.' })
    else if (folder.nets.has(name)) {
      const other = folder.nets.get(name)!
      const message = `${file.path} and ${other.path} are both the net ${session}/${name}`
      say(file, { code: 'duplicate-net', level: 'error', message, remedy: 'Keep one of them; agenticos convert makes one form from the other.' })
    } else folder.nets.set(name, file)
  }
}
