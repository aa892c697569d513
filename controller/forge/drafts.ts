import type { Finding } from '../../petri/finding.js'
import type { Draft } from '../../petri/net.js'
import { readFile } from '../../petri/read.js'
import type { Blobs } from './blobs.js'
import type { TreeFile } from './tree.js'

/** Largest file that is read; a larger one is a finding. */
export const LARGEST_FILE = 4 * 1024 * 1024
const KEPT_BYTES = 256 * 1024 * 1024

/** Reads files into drafts and keeps them by path and blob id: the same content is never read or parsed twice. */
export interface Drafts {
  read(file: TreeFile): Promise<Draft>
}

export function openDrafts(blobs: Blobs): Drafts {
  // In order of use, oldest first. A parsed file takes some twenty times its text.
  const kept = new Map<string, { readonly draft: Promise<Draft>; readonly bytes: number }>()
  let keptBytes = 0
  return {
    read(file) {
      const key = `${file.blob} ${file.path}`
      const known = kept.get(key)
      const entry = known ?? { draft: parse(blobs, file), bytes: 4_096 + 20 * Math.min(file.bytes, LARGEST_FILE) }
      kept.delete(key)
      kept.set(key, entry)
      if (known) return entry.draft
      keptBytes += entry.bytes
      // A read that failed is asked again next time.
      entry.draft.catch(() => { if (kept.delete(key)) keptBytes -= entry.bytes })
      for (const [oldest, { bytes }] of kept) {
        if (keptBytes <= KEPT_BYTES) break
        kept.delete(oldest)
        keptBytes -= bytes
      }
      return entry.draft
    },
  }
}

async function parse(blobs: Blobs, file: TreeFile): Promise<Draft> {
  if (file.bytes > LARGEST_FILE)
    return unread(file.path, {
      code: 'file-too-large', message: `${file.path} has ${file.bytes} bytes; ${LARGEST_FILE} are read at most`, remedy: 'Split it into several nets, or keep data out of net files.',
    })
  const draft = readFile(file.path, await blobs.read(file.blob))
  const wanted = file.path.endsWith('/session.yaml') ? 'Session' : 'Net'
  if (draft.value === undefined || draft.value.kind === wanted) return draft
  return unread(file.path, {
    code: 'wrong-kind', message: `${file.path} holds a ${draft.value.kind}, and a file of this name holds a ${wanted}`,
    remedy: wanted === 'Net' ? 'Put what describes the session into session.yaml.' : 'Give the net a file of its own name.',
  })
}

function unread(path: string, what: Pick<Finding, 'code' | 'message' | 'remedy'>): Draft {
  const finding: Finding = { ...what, level: 'error', file: path, line: 1, column: 1, element: '' }
  return { file: path, format: path.endsWith('.pnml') ? 'pnml' : 'yaml', value: undefined, findings: [finding], position: () => ({ line: 1, column: 1 }) }
}
