import { realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'

export type Found = { readonly ok: true, readonly path: string } | { readonly ok: false, readonly message: string }

/** Whether a path, links resolved on both sides already, is a folder or lies below it. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

/**
 * The folder that `dir` names under one of these roots. A relative one is looked for under each root in order, an
 * absolute one must lie in one; links count by where they lead.
 */
export function findFolder(dir: string, roots: readonly string[]): Found {
  if (dir.includes('\0')) return { ok: false, message: 'dir holds a NUL character' }
  let outside: string | undefined
  for (const root of roots) {
    let home: string
    let path: string
    try {
      home = realpathSync(root)
      path = realpathSync(isAbsolute(dir) ? dir : join(home, dir))
    } catch {
      continue
    }
    if (!isInside(home, path)) {
      outside = path
      continue
    }
    if (statSync(path).isDirectory()) return { ok: true, path }
    return { ok: false, message: `dir ${dir} is not a folder` }
  }
  const where = roots.length === 1 ? roots[0]! : `any of ${roots.join(', ')}`
  if (outside !== undefined) return { ok: false, message: `dir ${dir} leads to ${outside}, outside of ${where}` }
  return { ok: false, message: `dir ${dir} is not there under ${where}` }
}
