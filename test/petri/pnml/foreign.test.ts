import { expect, test } from 'vitest'
import type { NetFile } from '../../../petri/language.js'
import { readPnml } from '../../../petri/pnml/read.js'
import { writePnml } from '../../../petri/pnml/write.js'

const NS = 'http://www.pnml.org/version-2009/grammar/pnml'
const FOREIGN = `<?xml version="1.0"?>
<x:pnml xmlns:x="${NS}" xmlns:other="urn:other">
  <x:net id="Net 7" type="http://www.pnml.org/version-2009/grammar/ptnet">
    <x:toolspecific tool="Other" version="9"><other:deep a="1 &amp; 2"><![CDATA[<raw>]]></other:deep></x:toolspecific>
    <x:page id="Top"><x:name><x:text>All of it</x:text><x:graphics><x:offset x="1" y="2"/></x:graphics></x:name>
      <x:place id="P 1">
        <x:name><x:text>Ready &lt;now&gt;</x:text></x:name>
        <x:graphics><x:position x="10.5" y="-3"/><x:dimension x="20" y="30"/></x:graphics>
        <x:initialMarking><x:toolspecific tool="t" version="1"/><x:text> 3 </x:text></x:initialMarking>
      </x:place>
      <x:transition id="__proto__"/>
      <x:page id="Sub">
        <x:referencePlace id="ref" ref="P 1"/>
        <x:transition id="constructor"/>
        <x:arc id="a2" source="ref" target="constructor"><x:graphics><x:position x="1" y="1"/></x:graphics></x:arc>
      </x:page>
      <x:arc id="a1" source="P 1" target="__proto__"><x:inscription><x:text>2</x:text></x:inscription></x:arc>
      <x:arc id="a3" source="__proto__" target="P 1"/>
      <x:arc id="a4" source="__proto__" target="P 1"/>
    </x:page>
  </x:net>
</x:pnml>`

function read(text: string): NetFile {
  const { value, findings } = readPnml('nets/demo/net-7.pnml', text)
  expect(findings.filter((finding) => finding.level === 'error')).toEqual([])
  return value!
}

test('a net of another tool is a net of pass transitions over plain tokens', () => {
  const { places, transitions, layout, metadata } = read(FOREIGN)
  expect(metadata).toEqual({ name: 'net-7' })
  expect(places).toEqual({ 'p-1': { category: 'task', tokens: 3, title: 'Ready <now>' } })
  expect(transitions).toEqual({
    proto: { kind: 'pass', in: { p1: { from: 'p-1', take: 2 } }, out: { 'p-1': [{ emit: {} }, { emit: {} }] } },
    constructor: { kind: 'pass', in: { p1: 'p-1' } },
  })
  expect(layout).toEqual({ 'p-1': [10.5, -3] })
})

test('ids, names, pages, graphics and toolspecific of another tool come back out', () => {
  const text = writePnml(read(FOREIGN))
  for (const kept of [
    'id="Net 7"', '<page id="Top">', '<page id="Sub">', 'id="P 1"', 'id="__proto__"', 'id="constructor"', '<referencePlace id="ref" ref="P 1"/>',
    '<offset x="1" y="2"/>', '<position x="10.5" y="-3"/>', '<dimension x="20" y="30"/>', '<text>Ready &lt;now&gt;</text>', '<toolspecific tool="t" version="1"/>',
    '<other:deep xmlns:other="urn:other" a="1 &amp; 2">&lt;raw&gt;</other:deep>', 'id="a2" source="ref" target="constructor"', '<position x="1" y="1"/>', 'id="a3"', 'id="a4"',
  ]) expect(text).toContain(kept)
  expect(read(text)).toEqual(read(FOREIGN))
})

test('what a person changes in the language shows in the drawing, and the rest stays', () => {
  const net = structuredClone(read(FOREIGN))
  delete net.transitions!['constructor']
  net.layout!['p-1'] = [1, 2]
  net.places!['p-1']!.title = 'Waiting'
  net.places!['p1'] = { category: 'context' }
  net.transitions!['proto']!.in!['p1'] = 'p1'
  const text = writePnml(net)
  expect(text).not.toContain('constructor')
  expect(text).toContain('<position x="1" y="2"/>')
  expect(text).toContain('<text>Waiting</text>')
  const again = read(text)
  expect(again.transitions).toEqual(net.transitions)
  expect(again.places).toEqual(net.places)
})

test('what another tool changes in our drawing counts: weight, marking, a label, an arc taken out', () => {
  const net: NetFile = {
    apiVersion: 'agenticos.dev/v1', kind: 'Net', metadata: { name: 'n' },
    places: { a: { category: 'task', key: '$.id', tokens: 2 }, b: { category: 'task' } },
    transitions: { t: { kind: 'map', in: { x: { from: 'a', take: 2, where: '$.n > 1' }, y: { from: 'b', optional: true } }, do: { template: '${x}' }, out: { b: {} } } },
  }
  const text = writePnml(net)
    .replace('<initialMarking><text>2</text>', '<initialMarking><text>5</text>')
    .replace('<inscription><text>2</text>', '<inscription><text>3</text>')
    .replace('<text>b</text>', '<text>Out tray</text>')
    .replace(/<arc id="in.t.y"[\s\S]*?<\/arc>/, '')
  const again = readPnml('nets/demo/n.pnml', text)
  expect(again.findings).toEqual([])
  expect(again.value!.places).toEqual({ a: { category: 'task', key: '$.id', tokens: 5 }, b: { category: 'task', title: 'Out tray' } })
  expect(again.value!.transitions!['t']!.in).toEqual({ x: { from: 'a', where: '$.n > 1', take: 3 } })
})

test('a drawing that contradicts our own elements is refused at the arc, with what to do', () => {
  const net: NetFile = {
    apiVersion: 'agenticos.dev/v1', kind: 'Net', metadata: { name: 'n' },
    places: { facts: { category: 'context', tokens: [{ a: 1 }] }, done: { category: 'task' } },
    transitions: { t: { kind: 'pass', in: { f: 'facts' }, out: { done: { emit: '${f}' } } } },
  }
  const noBack = readPnml('n.pnml', writePnml(net).replace(/ *<arc id="back.t.f"[\s\S]*?<\/arc>\n/, ''))
  expect(noBack.findings).toMatchObject([{ code: 'pnml-mismatch', element: 'n/t', message: 'arc "in.t.f" reads, and there is no arc back' }])
  const marked = readPnml('n.pnml', writePnml(net).replace('<text>1</text>', '<text>4</text>'))
  expect(marked.findings).toMatchObject([{ code: 'pnml-mismatch', element: 'n/facts', message: 'place "facts" shows 4 tokens, and its toolspecific lists 1' }])
  const weight = readPnml('n.pnml', writePnml(net).replace('source="t" target="done">', 'source="t" target="done"><inscription><text>2</text></inscription>'))
  expect(weight.findings).toMatchObject([{ code: 'pnml-mismatch', element: 'n/t', message: 'arc "out.t.done" has weight 2, and its toolspecific shows 1' }])
})

test('an input or output that is in our elements alone is refused: an arc is the only binding', () => {
  const net: NetFile = {
    apiVersion: 'agenticos.dev/v1', kind: 'Net', metadata: { name: 'n' },
    places: { a: { category: 'task' }, b: { category: 'task' } },
    transitions: { t: { kind: 'map', in: { x: 'a' }, do: { template: 1 }, out: { b: {} } } },
  }
  const smuggled = writePnml(net).replace('{"kind":"map"', '{"in":{"y":"b"},"out":{"a":{}},"kind":"map"')
  expect(readPnml('n.pnml', smuggled).findings).toMatchObject([
    { code: 'pnml-mismatch', element: 'n/t', message: 'input "y" of transition "t" has no arc' },
    { code: 'pnml-mismatch', element: 'n/t', message: 'output "a" of transition "t" has no arc' },
  ])
})

test('consume is one arc, read is an arc each way, inhibitors and counts from data are in toolspecific only', () => {
  const text = writePnml({
    apiVersion: 'agenticos.dev/v1', kind: 'Net', metadata: { name: 'n' },
    places: { a: { category: 'task' }, c: { category: 'context' } },
    transitions: { t: { kind: 'pass', in: { x: 'a', y: 'c', no: { from: 'a', mode: 'inhibit' }, more: { from: 'a', take: '${x.n}' } }, out: { a: {} } } },
  })
  const drawn = [...text.matchAll(/<arc id="[^"]*" source="([^"]*)" target="([^"]*)"/g)].map(([, from, to]) => `${from} > ${to}`)
  expect(drawn).toEqual(['a > t', 'c > t', 't > c', 't > a'])
})
