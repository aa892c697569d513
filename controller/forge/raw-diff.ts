import type { Git } from './git.js'

/** A path's entry on one side: `100644 <id>`, or '' when it is not there. */
export interface Changed {
  readonly before: string
  readonly after: string
}

/**
 * What differs between two commits or trees, by path. Renames are not guessed: two nets that look alike are two nets.
 * A path is its bytes, one character each (latin1), since git's paths need not be UTF-8.
 */
export async function rawDiff(git: Git, before: string, after: string): Promise<Map<string, Changed>> {
  const { out } = await git.run(['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', before, after])
  const fields = out.toString('latin1').split('\0')
  const found = new Map<string, Changed>()
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [oldMode = '', newMode = '', oldId = '', newId = ''] = fields[at]!.slice(1).split(' ')
    found.set(fields[at + 1]!, { before: entry(oldMode, oldId), after: entry(newMode, newId) })
  }
  return found
}

/** Files that differ between two commits or trees. */
export async function changedFiles(git: Git, before: string, after: string): Promise<string[]> {
  return [...(await rawDiff(git, before, after)).keys()].map(readable)
}

/** A path as people read it. */
export function readable(path: string): string {
  return Buffer.from(path, 'latin1').toString('utf8')
}

function entry(mode: string, id: string): string {
  return mode === '000000' ? '' : `${mode} ${id}`
}
