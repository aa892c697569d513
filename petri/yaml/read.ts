import { findingsOf, type Fault } from '../fault.js'
import type { Position } from '../finding.js'
import type { Json } from '../json.js'
import { isObject, own } from '../json.js'
import { FILES, type AnyFile, type NetFile, type SessionFile } from '../language.js'
import { misfits } from '../misfit.js'
import { nearest } from '../nearest.js'
import type { Draft } from '../net.js'
import { unwritable } from '../pnml/unwritable.js'
import { parseYaml } from './parse.js'
import { treeOf, type Spot } from './tree.js'

type Kind = keyof typeof FILES

const PAGES: Readonly<Partial<Record<Kind, string>>> = { Models: 'docs/models.md', Policy: 'docs/proposals.md', Executor: 'docs/executors.md' }

/** A net or session file. Whatever is wrong with the text is a finding in the draft; nothing throws. */
export function readYaml(file: string, text: string): Draft {
  return read<NetFile | SessionFile>(file, text, ['Net', 'Session'])
}

/** policy.yaml, models.yaml, executors/*.yaml: each holds one kind. */
export function readSetting(file: string, text: string, kind: 'Policy' | 'Models' | 'Executor'): Draft<AnyFile> {
  return read<AnyFile>(file, text, [kind])
}

function read<File>(file: string, text: string, kinds: readonly Kind[]): Draft<File> {
  const parsed = parseYaml(text.startsWith('\uFEFF') ? text.slice(1) : text)
  if (!parsed.doc || parsed.faults.length > 0) return draft<File>(file, undefined, parsed.faults, () => ({ line: 1, column: 1 }))
  const tree = treeOf(parsed.doc)
  const position = (path: readonly (string | number)[]): Position => parsed.position(offsetOf(tree.spot, path))
  if (tree.value === undefined) {
    return draft<File>(file, undefined, tree.faults.map(({ offset, ...fault }) => ({ ...fault, path: [], at: parsed.position(offset) })), position)
  }
  const faults = judge(tree.value, kinds)
  // unknown keys are left out of the value, so that the checker can still say what else is wrong
  if (!faults.every((fault) => fault.code === 'unknown-key')) return draft<File>(file, undefined, faults, position, tree.value)
  const value = without(tree.value, faults)
  const { foreign } = value as Partial<NetFile>
  return draft<File>(file, value, foreign?.pnml ? [...faults, ...unwritable(foreign.pnml)] : faults, position)
}

function draft<File>(file: string, value: Json | undefined, faults: readonly Fault[], position: Draft['position'], whole = value): Draft<File> {
  return { file, format: 'yaml', value: value as File | undefined, findings: findingsOf(file, netName(whole), faults, position), position }
}

function netName(value: Json | undefined): string | undefined {
  const metadata = isObject(value) && own(value, 'kind') === 'Net' ? own(value, 'metadata') : undefined
  const name = isObject(metadata) ? own(metadata, 'name') : undefined
  return typeof name === 'string' ? name : undefined
}

/** Faults of a whole document as one of these kinds of file. */
function judge(value: Json, kinds: readonly Kind[]): Fault[] {
  if (!isObject(value)) return [{ code: 'bad-value', path: [], message: 'the file is not a table of keys', remedy: 'begin with apiVersion, kind and metadata' }]
  const kind = own(value, 'kind')
  if (kind === undefined) return [{ code: 'missing-key', path: [], message: 'the file has no "kind"', remedy: `add kind: ${kinds.join(' or ')}` }]
  const known = kinds.find((word) => word === kind)
  if (known) return misfits(FILES[known], value, PAGES[known])
  const near = typeof kind === 'string' ? nearest(kind, kinds) : undefined
  const remedy = near ? `did you mean "${near}"?` : `here stand files of kind ${kinds.join(' or ')}`
  return [{ code: 'unknown-kind', path: ['kind'], message: `kind ${JSON.stringify(kind)?.slice(0, 60)} is not known here`, remedy }]
}

function without(value: Json, faults: readonly Fault[]): Json {
  if (faults.length === 0) return value
  const copy = structuredClone(value)
  for (const { path } of faults) {
    let inner: unknown = copy
    for (const step of path.slice(0, -1)) inner = (inner as Record<string | number, unknown>)[step]
    delete (inner as Record<string | number, unknown>)[path.at(-1)!]
  }
  return copy
}

function offsetOf(spot: Spot, path: readonly (string | number)[]): number {
  let here = spot
  for (const step of path) {
    const inner = here.inner.get(step)
    if (!inner) break
    here = inner
  }
  return here.at
}
