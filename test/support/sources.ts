import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { packageRoot } from '../../controller/package-root.js'

const ROOT = packageRoot()
/** Folders that programs are made of; scripts are plain Node beside them. */
export const PROGRAM = ['petri', 'protocol', 'tools', 'controller', 'executor', 'cli', 'web']

export interface Source {
  /** from the project's root, with forward slashes */
  readonly path: string
  readonly text: string
  readonly lines: number
}

/** Source files under the given folders of the project, as they are in the work tree. */
export function sources(folders: readonly string[], ending = /\.(ts|tsx|mjs)$/): Source[] {
  return folders.flatMap((folder) => walk(folder)).filter((path) => ending.test(path)).map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8')
    return { path, text, lines: text.split('\n').length - 1 }
  })
}

function walk(folder: string): string[] {
  const there = statSync(join(ROOT, folder), { throwIfNoEntry: false })
  if (there === undefined) return []
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist') return []
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? walk(path) : [path]
  })
}

/** What a file imports: paths from the project's root for relative ones, the name for packages. */
export function imports({ path, text }: Source): string[] {
  const named = /^\s*(?:import|export)\s(?:[^'"`;=]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm
  return [...text.matchAll(named)].map(([, still, later]) => still ?? later ?? '')
    .map((name) => (name.startsWith('.') ? normalize(join(dirname(path), name)).replaceAll('\\', '/') : name))
}

/** The text of a file of the project, or the empty text when there is none. */
export function read(path: string): string {
  return statSync(join(ROOT, path), { throwIfNoEntry: false })?.isFile() ? readFileSync(join(ROOT, path), 'utf8') : ''
}
