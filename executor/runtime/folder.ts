import { realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'

export type Found =
  /** hidden: a folder of ours inside of it, which is nobody's business */
  | { readonly ok: true, readonly path: string, readonly hidden?: string }
  | { readonly ok: false, readonly message: string }

/** Whether a path, links resolved on both sides already, is a folder or lies below it. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

/**
 * The folder that `dir` names under one of these roots. A relative one is looked for under each root in order, an
 * absolute one must lie in one; links count by where they lead. `own` is the executor's data folder: where it lies in a
 * root, it and the dot-folder around it stay closed.
 */
export function findFolder(dir: string, roots: readonly string[], own: string): Found {
  if (dir.includes('\0')) return { ok: false, message: 'dir holds a NUL character' }
  let refusal: string | undefined
  for (const root of roots) {
    const home = real(root)
    const path = home === undefined ? undefined : real(isAbsolute(dir) ? dir : join(home, dir))
    if (home === undefined || path === undefined) continue
    const hidden = hiddenIn(home, real(own) ?? own)
    if (!isInside(home, path)) refusal = `dir ${dir} leads to ${path}, outside of ${roots.join(', ')}`
    else if (hidden !== undefined && isInside(hidden, path) && !roots.some((other) => opens(other, hidden, path))) refusal = `dir ${dir} is the executor's own`
    else if (!statSync(path).isDirectory()) return { ok: false, message: `dir ${dir} is not a folder` }
    else return hidden !== undefined && isInside(path, hidden) ? { ok: true, path, hidden } : { ok: true, path }
  }
  const where = roots.length === 1 ? roots[0]! : `any of ${roots.join(', ')}`
  return { ok: false, message: refusal ?? `dir ${dir} is not there under ${where}` }
}

/** A root that was named inside the closed folder opens what lies below it. */
function opens(root: string, hidden: string, path: string): boolean {
  const open = real(root)
  return open !== undefined && isInside(hidden, open) && isInside(open, path)
}

/** `/p/.agenticos` for `/p/.agenticos/executor` under `/p`. */
function hiddenIn(root: string, own: string): string | undefined {
  if (!isInside(root, own)) return undefined
  const names = relative(root, own).split(sep)
  const dot = names.findIndex((name) => name.startsWith('.'))
  return join(root, ...(dot === -1 ? names : names.slice(0, dot + 1)))
}

function real(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}
