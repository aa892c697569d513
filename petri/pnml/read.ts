import { findingsOf, type Fault } from '../fault.js'
import type { Position } from '../finding.js'
import type { Json } from '../json.js'
import { netFile, type NetFile } from '../language.js'
import { misfits } from '../misfit.js'
import type { Draft } from '../net.js'
import { Assembly } from './assembly.js'
import { resolve } from './resolve.js'
import { readStructure } from './structure.js'
import { parseXml, XmlFault, type Xml } from './xml.js'

export const MAX_PNML = 16 * 2 ** 20

/** A PNML file as a net of the language. Whatever is wrong with the text is a finding in the draft; nothing throws. */
export function readPnml(file: string, text: string): Draft<NetFile> {
  const begin: Position = { line: 1, column: 1 }
  const refused = (faults: readonly Fault[]): Draft<NetFile> => ({ file, format: 'pnml', value: undefined, findings: findingsOf(file, undefined, faults, () => begin), position: () => begin })
  if (text.length > MAX_PNML) {
    return refused([{ code: 'too-large', message: `the file has ${text.length} characters, and ${MAX_PNML} are read`, remedy: 'split it into several nets', path: [], at: begin }])
  }
  let root: Xml
  try {
    root = parseXml(text.startsWith('\uFEFF') ? text.slice(1) : text)
  } catch (error) {
    if (error instanceof XmlFault) return refused([{ code: error.code, message: error.message, remedy: error.remedy, path: [], at: error.at }])
    throw error
  }
  const { skeleton, elements } = readStructure(root)
  if (!skeleton) return refused(elements.faults)
  const joined = resolve(skeleton, elements)
  if (elements.faults.some((fault) => fault.level === 'error')) return refused(elements.faults)
  const assembly = new Assembly(file, skeleton, joined)
  const value = assembly.value()
  const faults = [...elements.faults, ...assembly.faults, ...misfits(netFile, value)]
  const position = (path: readonly (string | number)[]): Position => assembly.position(path)
  const sound = !faults.some((fault) => (fault.level ?? 'error') === 'error')
  return { file, format: 'pnml', value: sound ? (value as Json as NetFile) : undefined, findings: findingsOf(file, assembly.name, faults, position), position }
}
