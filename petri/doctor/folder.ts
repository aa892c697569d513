import type { NetFile, SessionFile } from '../language.js'
import type { Draft, SessionConfig } from '../net.js'
import type { Surroundings, World } from './world.js'

/** The drafts of a repository by session, in order of name. */
export function foldersOf(drafts: Iterable<Draft>): ReadonlyMap<string, Folder> {
  const folders = new Map<string, Folder>()
  for (const draft of drafts) {
    const session = sessionOf(draft.file)
    let folder = folders.get(session)
    if (!folder) folders.set(session, (folder = { session: undefined, nets: new Map(), sharers: new Map(), all: [] }))
    add(folder, draft)
  }
  return new Map([...folders].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** `demo` of `nets/demo/ssh-watch.yaml`: the folder that a file lies in. */
export function sessionOf(file: string): string {
  return file.split('/').at(-2) ?? ''
}

/** The files of one session's folder, by name. */
export interface Folder {
  session: Draft<SessionFile> | undefined
  readonly nets: Map<string, Draft<NetFile>>
  readonly sharers: Map<string, Draft<NetFile>[]>
  readonly all: Draft<NetFile>[]
}

function add(folder: Folder, draft: Draft): void {
  if (draft.value?.kind === 'Session' || (draft.value === undefined && /(^|\/)session\.ya?ml$/.test(draft.file))) {
    folder.session = draft as Draft<SessionFile>
    return
  }
  const net = draft as Draft<NetFile>
  folder.all.push(net)
  if (!net.value) return
  const name = net.value.metadata.name
  if (!folder.nets.has(name)) folder.nets.set(name, net)
  for (const shared of Object.values(net.value.places ?? {})) {
    if (shared.shares === undefined) continue
    const list = folder.sharers.get(shared.shares)
    if (list) list.push(net)
    else folder.sharers.set(shared.shares, [net])
  }
}

/** What stands around the nets of one folder. */
export function worldOf(config: SessionConfig, folders: ReadonlyMap<string, Folder>, around: Surroundings): World {
  const folder = folders.get(config.session)
  return {
    config,
    ...around,
    net: (name) => folder?.nets.get(name),
    sharers: (address) => folder?.sharers.get(address) ?? [],
    other: (session, net) => folders.get(session)?.nets.get(net),
  }
}
