import { describe, expect, test } from 'vitest'
import { readFile } from '../../../petri/read.js'
import { MAX_PNML } from '../../../petri/pnml/read.js'

const TYPE = 'http://www.pnml.org/version-2009/grammar/ptnet'
const NS = 'http://www.pnml.org/version-2009/grammar/pnml'
const net = (body: string, attributes = `id="n" type="${TYPE}"`): string => `<pnml xmlns="${NS}"><net ${attributes}><page id="g">\n${body}\n</page></net></pnml>`
const marked = (text: string): string => net(`<place id="p"><initialMarking><text>${text}</text></initialMarking></place>`)
const joined = (arc: string): string => net(`<place id="p"/><place id="q"/><transition id="t"/>${arc}`)
const ours = (json: string): string => net(`<place id="p"><toolspecific tool="agenticos" version="1">${json}</toolspecific></place>`)

/** text, then line:column, code, message */
const REFUSED: readonly (readonly [string, string, string])[] = [
  ['', '1:1', 'xml-syntax: document must contain a root element'],
  ['{"a": 1}', '1:10', 'xml-syntax: text data outside of root node'],
  ['<pnml>', '1:7', 'xml-syntax: unclosed tag: pnml'],
  ['<pnml></pnml><pnml/>', '1:20', 'xml-syntax: documents may contain only one root'],
  ['<pnml a="1" a="2"/>', '1:20', 'xml-syntax: duplicate attribute: a'],
  ['<x:pnml/>', '1:10', 'xml-syntax: unbound namespace prefix: "x"'],
  ['<pnml>&lol;</pnml>', '1:12', 'xml-syntax: undefined entity'],
  ['<!DOCTYPE pnml SYSTEM "http://127.0.0.1:9/x.dtd"><pnml/>', '1:50', 'doctype-refused: the file has a DOCTYPE'],
  ['<!DOCTYPE pnml [<!ENTITY a "b">]><pnml>&a;</pnml>', '1:34', 'doctype-refused: the file has a DOCTYPE'],
  ['<html/>', '1:1', 'not-pnml: the root element is <html>'],
  ['<pnml/>', '1:1', 'not-pnml: there is no <net> in it'],
  [`<pnml><net id="a" type="${TYPE}"/><net id="b" type="${TYPE}"/></pnml>`, '1:74', 'several-nets: the file holds another net'],
  [net('', 'id="n" type="http://www.pnml.org/version-2009/grammar/highlevelnet"'), '1:61', 'net-type: the net is of type http://www.pnml.org/version-2009/grammar/highlevelnet'],
  [net('', 'id="n" type="urn:x"'), '1:61', 'net-type: the net is of type urn:x'],
  [net('<declaration><structure/></declaration>'), '2:1', 'net-type: <declaration> belongs to a high-level net'],
  [net('<place/>'), '2:1', 'missing-id: a place has no id'],
  [net('<place id="p"/>\n<transition id="p"/>'), '3:1', 'duplicate-id: the id "p" stands at line 2, column 1 already'],
  [net('<plase id="p"/>'), '2:1', 'unknown-element: <plase> is no element of a P/T net'],
  [net('<inputArc source="p" target="t"/>'), '2:1', 'unknown-element: <inputArc> is no element of a P/T net'],
  [marked('two'), '2:15', 'bad-number: the marking of place "p" is "two"'],
  [marked(''), '2:15', 'bad-number: the marking of place "p" is ""'],
  [marked('-1'), '2:15', 'bad-number: the marking of place "p" is "-1"'],
  [marked('1e3'), '2:15', 'bad-number: the marking of place "p" is "1e3"'],
  [marked('1.5'), '2:15', 'bad-number: the marking of place "p" is "1.5"'],
  [marked('9007199254740993'), '2:15', 'number-not-exact: the marking of place "p", "9007199254740993", is above 2^53-1'],
  [marked(`1${'0'.repeat(400)}`), '2:15', `number-not-exact: the marking of place "p", "1${'0'.repeat(39)}", is above 2^53-1`],
  [joined('<arc id="a" source="p"/>'), '2:51', 'dangling-arc: the arc "a" has no target'],
  [joined('<arc id="a" source="p" target="x"/>'), '2:51', 'dangling-arc: the target of the arc "a" is "x", which is nowhere'],
  [joined('<arc id="a" source="p" target="q"/>'), '2:51', 'arc-ends: the arc "a" joins the places "p" and "q"'],
  [joined('<arc id="a" source="p" target="t"><inscription><text>0</text></inscription></arc>'), '2:85', 'bad-number: the weight of arc "a" is "0"'],
  [joined('<arc id="a" source="p" target="t"><inscription><text>10001</text></inscription></arc>'), '2:51', 'too-large: an arc of weight 10001: a firing carries at most 10000 tokens, and the arcs of a file put at most 200000'],
  [joined('<arc id="a" source="p" target="t" type="reset"/>'), '2:51', 'arc-type: the arc "a" is of type "reset"'],
  [joined('<arc id="a" source="p" target="t" type="inhibitor"><inscription><text>2</text></inscription></arc>'), '2:51', 'arc-type: the inhibitor arc "a" has weight 2'],
  [net('<referencePlace id="r" ref="x"/>'), '2:1', 'dangling-reference: the reference "r" stands for "x", which is nowhere'],
  [net('<referencePlace id="r" ref="s"/>\n<referencePlace id="s" ref="r"/>'), '2:1', 'dangling-reference: the reference "r" leads back to itself'],
  [net('<transition id="t"/><referencePlace id="r" ref="t"/>'), '2:21', 'dangling-reference: the reference place "r" stands for a transition'],
  [ours('[1]'), '2:15', 'pnml-json: toolspecific agenticos does not hold a JSON object'],
  [ours('{"a": 1, "a": 2}'), '2:15', 'pnml-json: toolspecific agenticos: the key "a" stands twice'],
  [ours('{"keep": 9007199254740993}'), '2:15', 'pnml-json: toolspecific agenticos: the number 9007199254740993 would change in a double'],
  [ours('{"capcity": 3}'), '2:1', 'unknown-key: places.p has no key "capcity"'],
  [ours('{"name": "P"}'), '2:1', 'bad-name: places.P: "P" must be a name: a-z, then a-z, 0-9 and -, at most 63'],
  [net('<place id="p"><toolspecific tool="agenticos" version="2">{}</toolspecific></place>'), '2:15', 'pnml-version: toolspecific agenticos has version "2"'],
  [`${'<page id="x">'.repeat(50_000)}`, '1:2601', 'too-deep: elements are nested over 200 levels'],
]

describe('a PNML file that is wrong ends in a finding that says where and what', () => {
  test.each(REFUSED.map(([text, at, said]) => ({ text, at, said })))('$said', ({ text, at, said }) => {
    const { value, findings } = readFile('nets/demo/n.pnml', text)
    const errors = findings.filter((finding) => finding.level === 'error')
    expect(value).toBeUndefined()
    expect(errors.map((finding) => `${finding.code}: ${finding.message}`)).toContain(said)
    const found = errors.find((finding) => said.endsWith(finding.message))!
    expect(`${found.line}:${found.column}`).toBe(at)
    expect(found.remedy).not.toBe('')
  })

  test('every error of a file is told, up to a bound', () => {
    const arcs = Array.from({ length: 500 }, (_, n) => `<arc id="a${n}" source="x${n}" target="t"/>`).join('\n')
    expect(readFile('n.pnml', joined(arcs)).findings).toHaveLength(50)
  })
})

describe('a PNML file that is large or strange is read, or refused at once', () => {
  test('a file over the size bound is not looked into', () => {
    expect(readFile('n.pnml', 'x'.repeat(100_000_000)).findings).toMatchObject([{ code: 'too-large', line: 1, column: 1 }])
    expect(readFile('n.pnml', new Uint8Array(100_000_000)).findings).toMatchObject([{ code: 'too-large' }])
  })

  test('a file just below the size bound that is all elements is refused by their number', () => {
    expect(readFile('n.pnml', `<pnml>${'<a/>'.repeat(Math.floor(MAX_PNML / 4) - 10)}</pnml>`).findings).toMatchObject([{ code: 'too-large' }])
  })

  test('2,500 places with their arcs are read whole', () => {
    const body = Array.from({ length: 2500 }, (_, n) => `<place id="p${n}"><name><text>Place ${n}</text></name></place><transition id="t${n}"/><arc id="a${n}" source="p${n}" target="t${n}"/>`).join('\n')
    const { value, findings } = readFile('n.pnml', net(body))
    expect(findings).toEqual([])
    expect(Object.keys((value as { places: object }).places)).toHaveLength(2500)
  })

  test('a chain of 20,000 references and ids that slug to one name are read in order', () => {
    const chain = Array.from({ length: 20_000 }, (_, n) => `<referencePlace id="r${n}" ref="${n === 19_999 ? 'P' : `r${n + 1}`}"/>`).join('')
    const same = Array.from({ length: 5_000 }, (_, n) => `<place id="${'?'.repeat(1)}${'!'.repeat(n % 50)}${String.fromCodePoint(0x4e00 + n)}"/>`).join('')
    const { value, findings } = readFile('n.pnml', net(`<place id="P"/>${same}${chain}<transition id="t"/><arc id="a" source="r0" target="t"/>`))
    expect(findings).toEqual([])
    expect((value as { transitions: object }).transitions).toEqual({ t: { kind: 'pass', in: { p: 'p' } } })
  })

  test('50,000 arcs between the same two nodes, each way, are read in order', () => {
    const arcs = Array.from({ length: 50_000 }, (_, n) => `<arc id="a${n}" source="p" target="t"/><arc id="b${n}" source="t" target="p"/>`).join('')
    const { value, findings } = readFile('n.pnml', net(`<place id="p"/><transition id="t"/>${arcs}`))
    expect(findings).toEqual([])
    const { t } = (value as unknown as { transitions: { t: { in: object; out: { p: object[] } } } }).transitions
    expect([Object.keys(t.in).length, t.out.p.length]).toEqual([50_000, 50_000])
  })

  test('the largest exact marking is kept exactly', () => {
    expect(readFile('n.pnml', marked(' +9007199254740991 ')).value).toMatchObject({ places: { p: { tokens: 9007199254740991 } } })
  })

  test.each([
    ['UTF-8', (text: string) => new TextEncoder().encode(text)],
    ['UTF-8 with a byte order mark', (text: string) => new TextEncoder().encode(`\uFEFF${text}`)],
    ['UTF-8 with CRLF', (text: string) => new TextEncoder().encode(text.replaceAll('\n', '\r\n'))],
    ['UTF-16 little endian', (text: string) => Uint8Array.from(Buffer.from(`\uFEFF${text}`, 'utf16le'))],
    ['UTF-16 big endian', (text: string) => Uint8Array.from(Buffer.from(`\uFEFF${text}`, 'utf16le').swap16())],
    ['ISO-8859-1', (text: string) => Uint8Array.from(Buffer.from(text.replace('<?xml version="1.0"?>', '<?xml version="1.0" encoding="ISO-8859-1"?>'), 'latin1'))],
  ])('the same net comes out of %s', (_, encode) => {
    const text = `<?xml version="1.0"?>\n${net('<place id="p">\n<name><text>Größe</text></name></place>')}`
    expect(readFile('n.pnml', encode(text)).value).toMatchObject({ places: { p: { category: 'task', title: 'Größe' } } })
  })

  test('bytes that are not in the encoding they claim are refused, not mended', () => {
    expect(readFile('n.pnml', Uint8Array.from([0x3c, 0xff, 0xfe, 0x80])).findings).toMatchObject([{ code: 'bad-encoding' }])
    expect(readFile('n.yaml', Uint8Array.from([0x61, 0x3a, 0x20, 0xe9])).findings).toMatchObject([{ code: 'bad-encoding' }])
    expect(readFile('n.pnml', new TextEncoder().encode('<?xml version="1.0" encoding="klingon"?><pnml/>')).findings).toMatchObject([{ code: 'bad-encoding' }])
  })

  test('a file of another ending is refused by name', () => {
    expect(readFile('nets/demo/n.json', '{}').findings).toMatchObject([{ code: 'unknown-format', message: 'the file is neither .yaml nor .pnml' }])
  })
})
