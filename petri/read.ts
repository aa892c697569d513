import { decode } from './decode.js'
import type { FaultCode } from './fault-code.js'
import type { Draft } from './net.js'
import { MAX_PNML, readPnml } from './pnml/read.js'
import { MAX_YAML } from './yaml/parse.js'
import { readYaml } from './yaml/read.js'

/** A net or session file by its name: .yaml, .yml or .pnml. Bytes are decoded by their byte order mark and XML declaration. */
export function readFile(file: string, content: string | Uint8Array): Draft {
  const pnml = /\.(pnml|xml)$/i.test(file)
  if (!pnml && !/\.ya?ml$/i.test(file)) return refused(file, 'unknown-format', 'the file is neither .yaml nor .pnml', 'give it one of those endings')
  const limit = pnml ? MAX_PNML : MAX_YAML
  // a byte is at most one character: past twice the limit no encoding can bring it below
  if (typeof content !== 'string' && content.length > 2 * limit + 4) return refused(file, 'too-large', `the file has ${content.length} bytes, and ${limit} characters are read`, 'split it into several nets')
  const text = typeof content === 'string' ? content : decode(content)
  if (text === undefined) return refused(file, 'bad-encoding', 'the bytes are not text in the encoding that the file says, or UTF-8', 'save it as UTF-8')
  return pnml ? readPnml(file, text) : readYaml(file, text)
}

function refused(file: string, code: FaultCode, message: string, remedy: string): Draft {
  const position = { line: 1, column: 1 }
  const format = /\.ya?ml$/i.test(file) ? 'yaml' : 'pnml'
  return { file, format, value: undefined, findings: [{ code, level: 'error', file, ...position, element: '', message, remedy }], position: () => position }
}
