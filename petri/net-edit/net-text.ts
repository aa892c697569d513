import type { Finding } from '../finding.js'
import { isObject, type JsonObject } from '../json.js'
import type { AnyFile, NetFile } from '../language.js'
import { readPnml } from '../pnml/read.js'
import { writePnml } from '../pnml/write.js'
import { parseYaml } from '../yaml/parse.js'
import { readYaml } from '../yaml/read.js'
import { sameJson } from '../yaml/same.js'
import { treeOf } from '../yaml/tree.js'
import { writeYaml } from '../yaml/write.js'
import { canonicalText } from '../canonical.js'
import { EditFault } from './edit-fault.js'

/** The value of a net file as it stands, whether or not it is one that the language takes. */
export function readNetText(path: string, text: string): JsonObject {
  if (isPnml(path)) {
    const { value, findings } = readPnml(path, text)
    return (value as JsonObject | undefined) ?? unreadable(path, findings)
  }
  const { doc, faults } = parseYaml(text.replace(/^\uFEFF/, ''))
  const tree = doc && faults.length === 0 ? treeOf(doc) : undefined
  return isObject(tree?.value) ? tree.value : unreadable(path, readYaml(path, text).findings)
}

/** A value as the text of its file; comments, order and styles of the text before stay where nothing changes. */
export function writeNetText(path: string, value: JsonObject, before?: string): string {
  if (!isPnml(path)) return writeYaml(value as unknown as AnyFile, before)
  if (before !== undefined && sameJson(readNetText(path, before), value)) return before
  const text = written(value)
  const back = text === undefined ? undefined : (readPnml(path, text).value as JsonObject | undefined)
  if (text === undefined || back === undefined || canonicalText(back) !== canonicalText(value))
    throw new EditFault('not-in-pnml', `${path} is PNML, and what the net would be cannot be said in it as long as it is not finished`, 'give what the element needs in one edit (a transition with its do), or convert the net to YAML: agenticos convert')
  return text
}

function written(value: JsonObject): string | undefined {
  try {
    return writePnml(value as unknown as NetFile)
  } catch {
    // the writer takes finished nets alone
    return undefined
  }
}

function isPnml(path: string): boolean {
  return path.endsWith('.pnml')
}

function unreadable(path: string, findings: readonly Finding[]): never {
  const first = findings.find(({ level }) => level === 'error') ?? findings[0]
  throw new EditFault('unreadable', first ? `${path}:${first.line}: ${first.message}` : `${path} is not a table of keys`, first?.remedy ?? 'correct the file by hand first')
}
