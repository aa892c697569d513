import { Composer, LineCounter, Parser, type Document } from 'yaml'
import type { Fault } from '../fault.js'
import type { FaultCode } from '../fault-code.js'
import type { Position } from '../finding.js'

export const MAX_YAML = 2 * 2 ** 20

export interface Parsed {
  /** undefined when a fault keeps it from being read */
  readonly doc: Document.Parsed | undefined
  readonly faults: readonly Fault[]
  readonly position: (offset: number) => Position
}

const REFUSED_SYNTAX = 'see yaml.org/spec/1.2.2, or quote the text'

/** One YAML 1.2 core document, strictly. Stops at the second document and at the size bound. */
export function parseYaml(text: string): Parsed {
  const lines = new LineCounter()
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return line < 1 ? { line: 1, column: 1 } : { line, column: Math.max(1, col) }
  }
  const refuse = (code: FaultCode, message: string, remedy: string, at: Position = { line: 1, column: 1 }): Parsed => ({ doc: undefined, faults: [{ code, message, remedy, path: [], at }], position })
  if (text.length > MAX_YAML) return refuse('too-large', `the file has ${text.length} characters, and ${MAX_YAML} are read`, 'split it into several nets, or put the tokens with agenticos put')
  const nul = text.indexOf('\0')
  if (nul >= 0) return refuse('yaml-syntax', 'the file holds U+0000: it is not UTF-8 text', 'save it as UTF-8')
  let doc: Document.Parsed | undefined
  try {
    const composer = new Composer({ version: '1.2', schema: 'core', uniqueKeys: false, prettyErrors: false, intAsBigInt: true, strict: true, stringKeys: true, merge: false })
    for (const next of composer.compose(new Parser(lines.addNewLine).parse(text), true, text.length)) {
      if (doc) return refuse('several-documents', 'the file holds a second document', 'put each into a file of its own', position(next.range[0]))
      doc = next as Document.Parsed
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return refuse('too-deep', 'it is nested too deep to be read', 'flatten it')
  }
  if (!doc) return refuse('yaml-syntax', 'the file is empty', 'write apiVersion, kind and metadata')
  return { doc, faults: syntax(doc, position), position }
}

function syntax(doc: Document.Parsed, position: (offset: number) => Position): Fault[] {
  const deep = doc.errors.find((error) => error.code === 'RESOURCE_EXHAUSTION')
  if (deep) return [{ code: 'too-deep', message: 'it is nested too deep to be read', remedy: 'flatten it', path: [], at: position(deep.pos[0]) }]
  const faults: Fault[] = doc.errors.slice(0, 20).map((error) => (
    { code: 'yaml-syntax', message: error.message, remedy: REFUSED_SYNTAX, path: [], at: position(error.pos[0]) }
  ))
  for (const warning of doc.warnings.slice(0, 20)) {
    const code = warning.code === 'TAG_RESOLVE_FAILED' ? 'custom-tag' : 'yaml-syntax'
    faults.push({ code, message: warning.message, remedy: 'only the tags of YAML 1.2 core are read: leave it out', path: [], at: position(warning.pos[0]) })
  }
  const { version, explicit } = doc.directives.yaml
  if (explicit && version !== '1.2') faults.push({ code: 'yaml-syntax', message: `the file says it is YAML ${version}`, remedy: 'leave the %YAML line out: it is read as YAML 1.2', path: [], at: { line: 1, column: 1 } })
  return faults
}
