import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../../petri/json.js'
import { netFile, type NetFile } from '../../petri/language.js'
import { misfits } from '../../petri/misfit.js'
import { readPnml } from '../../petri/pnml/read.js'
import { writePnml } from '../../petri/pnml/write.js'
import { readYaml } from '../../petri/yaml/read.js'
import { writeYaml } from '../../petri/yaml/write.js'
import { arbitraryNet } from '../support/arbitrary-net.js'

const runs = { numRuns: Number(process.env['TWIN_RUNS'] ?? 120) }

/** The order of inputs is the binding order: it must survive too. */
function inputOrder(net: NetFile): Record<string, string[]> {
  return Object.fromEntries(Object.entries(net.transitions ?? {}).map(([name, { in: inputs }]) => [name, Object.keys(inputs ?? {})]))
}

function throughYaml(net: NetFile): NetFile {
  const draft = readYaml(`nets/demo/${net.metadata.name}.yaml`, writeYaml(net))
  expect(draft.findings).toEqual([])
  return draft.value as NetFile
}

function throughPnml(net: NetFile): NetFile {
  const draft = readPnml('nets/demo/other.pnml', writePnml(net))
  expect(draft.findings).toEqual([])
  return draft.value!
}

test('every generated net is one that the schema takes', () => {
  fc.assert(fc.property(arbitraryNet, (net) => { expect(misfits(netFile, net)).toEqual([]) }), runs)
})

test('a net written as YAML and read again is the same net', () => {
  fc.assert(fc.property(arbitraryNet, (net) => {
    const again = throughYaml(net)
    expect(again).toEqual(net)
    expect(inputOrder(again)).toEqual(inputOrder(net))
  }), runs)
})

test('a net written as PNML and read again is the same net', () => {
  fc.assert(fc.property(arbitraryNet, (net) => {
    const again = throughPnml(net)
    expect(again).toEqual(net)
    expect(inputOrder(again)).toEqual(inputOrder(net))
  }), runs)
})

test('a net that goes through both formats, either way round, is the same net and the same text', () => {
  fc.assert(fc.property(arbitraryNet, (net) => {
    expect(throughPnml(throughYaml(net))).toEqual(net)
    expect(throughYaml(throughPnml(net))).toEqual(net)
    expect(writePnml(throughPnml(net))).toBe(writePnml(net))
    expect(writeYaml(throughYaml(net))).toBe(writeYaml(net))
  }), runs)
})

test('an edit of a YAML text says the new value, whatever the old text was', () => {
  fc.assert(fc.property(arbitraryNet, arbitraryNet, (before, after) => {
    const text = writeYaml(after, writeYaml(before))
    expect(readYaml('nets/demo/x.yaml', text).value as Json).toEqual(after)
  }), runs)
})

test('a small edit of a commented YAML text keeps every comment and every line it does not touch', () => {
  fc.assert(fc.property(arbitraryNet, fc.integer({ min: 0, max: 999 }), (net, priority) => {
    // comments before top-level keys: inside a literal block they would be text
    const text = writeYaml(net).split('\n').map((line, at) => (/^[a-z']/.test(line) ? `# note ${at}\n${line}` : line)).join('\n')
    const edited: NetFile = { ...net, params: { ...net.params, priority } }
    const written = writeYaml(edited, text)
    expect(readYaml('nets/demo/x.yaml', written).value).toEqual(edited)
    const lines = new Set(written.split('\n'))
    const [begin, end] = [text.search(/^params:/m), text.search(/^places:/m)]
    const untouched = begin < 0 ? text : end < 0 ? text.slice(0, begin) : text.slice(0, begin) + text.slice(end)
    expect(untouched.split('\n').filter((line) => !lines.has(line))).toEqual([])
  }), runs)
})
