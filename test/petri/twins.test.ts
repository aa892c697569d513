import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../../petri/json.js'
import { netFile, type NetFile } from '../../petri/language.js'
import { misfits } from '../../petri/misfit.js'
import { readPnml } from '../../petri/pnml/read.js'
import { ID } from '../../petri/pnml/foreign.js'
import { writePnml } from '../../petri/pnml/write.js'
import { readYaml } from '../../petri/yaml/read.js'
import { writeYaml } from '../../petri/yaml/write.js'
import { arbitraryText } from '../support/arbitrary-json.js'
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

const keptText = fc.oneof(arbitraryText, fc.constantFrom('<a/>', '<a', '</place><place id="x"/>', '<!-- -->', '<x:a/>', '<a b="1">t</a><c/>', '<a id="1"/>', '<arc id="z" source="p" target="t"/>', '<initialMarking><text>9</text></initialMarking>', '<inscription><text>9</text></inscription>', '<type value="inhibitor"/>', '<arctype><text>normal</text></arctype>', '<graphics/>', '<condition/>', '<text>9</text>', '<value>9</value>', '<x:place xmlns:x="http://www.pnml.org/version-2009/grammar/pnml" id="w"/>', '<place xmlns="urn:x" id="w"/>', '<toolspecific tool="agenticos" version="1">{"keep":1}</toolspecific>', 'p', 't', 'page.1', 'net.n'))
const keptId = keptText.filter((text) => ID.test(text))
const keptXml = fc.array(keptText, { maxLength: 2 })
const keptNode = fc.record({ id: keptId, page: keptText, nameless: fc.constant(true as const), name: keptXml, graphics: keptXml, marking: keptXml, xml: keptXml }, { requiredKeys: [], noNullPrototype: true })
const keptForeign = fc.record({
  id: keptId, name: keptXml, xml: keptXml,
  pages: fc.array(fc.record({ id: keptId, in: keptText, title: keptText, xml: keptXml }, { requiredKeys: ['id'], noNullPrototype: true }), { maxLength: 3 }),
  references: fc.array(fc.record({ id: keptId, ref: keptText, kind: fc.constantFrom('place', 'transition'), page: keptText, xml: keptXml }, { requiredKeys: ['id', 'ref', 'kind'], noNullPrototype: true }), { maxLength: 3 }),
  places: fc.dictionary(fc.constantFrom('p', 'q', 'gone'), keptNode, { noNullPrototype: true }),
  transitions: fc.dictionary(fc.constantFrom('t', 'gone'), keptNode, { noNullPrototype: true }),
  arcs: fc.dictionary(fc.constantFrom('p > t', 't > q', 'q > p'), fc.array(fc.record({ id: keptId, weight: fc.integer({ min: 1, max: 3 }), page: keptText, source: keptText, graphics: keptXml, xml: keptXml }, { requiredKeys: ['id'], noNullPrototype: true }), { maxLength: 3 }), { noNullPrototype: true }),
}, { requiredKeys: [], noNullPrototype: true })

test('whatever a hand wrote under foreign, the net beside it survives PNML unharmed', () => {
  fc.assert(fc.property(keptForeign, (pnml) => {
    const net = {
      apiVersion: 'agenticos.dev/v1', kind: 'Net', metadata: { name: 'n' }, places: { p: { category: 'task', tokens: 2 }, q: { category: 'task' } },
      transitions: { t: { kind: 'pass', in: { p: 'p' }, out: { q: [{ emit: {} }, { emit: {} }] } } },
    }
    const draft = readPnml('nets/demo/n.pnml', writePnml({ ...net, foreign: { pnml } } as NetFile))
    expect(draft.findings.filter((finding) => finding.level === 'error')).toEqual([])
    const { foreign: _, ...rest } = draft.value!
    expect(rest).toEqual(net)
  }), { numRuns: 400 })
})
