import type { Git } from './git.js'

/** One file of a tree, as `git ls-tree` tells it. */
export interface TreeFile {
  readonly path: string
  /** object id of its content */
  readonly blob: string
  readonly form: 'file' | 'link' | 'submodule'
  readonly bytes: number
}

const FORMS: Readonly<Record<string, TreeFile['form']>> = { '100644': 'file', '100755': 'file', '120000': 'link', '160000': 'submodule' }

/** What of a tree means something to us; all else in the repository is its own business. */
const OURS = ['nets', 'policy.yaml', 'models.yaml', 'executors']

/** The files of a commit or tree under `paths`, in git's order. Paths that are not UTF-8 come with U+FFFD in them. */
export async function listTree(git: Git, treeish: string, paths: readonly string[] = OURS): Promise<TreeFile[]> {
  const { out } = await git.run(['ls-tree', '-r', '-z', '-l', '--full-tree', treeish, '--', ...paths])
  const files: TreeFile[] = []
  for (const row of out.toString('utf8').split('\0')) {
    const tab = row.indexOf('\t')
    if (tab < 0) continue
    const [mode = '', , blob = '', bytes = ''] = row.slice(0, tab).split(/ +/)
    files.push({ path: row.slice(tab + 1), blob, form: FORMS[mode] ?? 'file', bytes: bytes === '-' ? 0 : Number(bytes) })
  }
  return files
}
