// Random edits of random nets: what an edit is not about keeps its text, and the text always reads back to the edited value.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isObject, type JsonObject } from '../../../petri/json.js'
import type { NetFile } from '../../../petri/language.js'
import { createArc, deleteArc } from '../../../petri/net-edit/arc-edit.js'
import { EditFault } from '../../../petri/net-edit/edit-fault.js'
import { tableOf } from '../../../petri/net-edit/entry.js'
import { createNet } from '../../../petri/net-edit/net-edit.js'
import { readNetText, writeNetText } from '../../../petri/net-edit/net-text.js'
import { createPlace, deletePlace } from '../../../petri/net-edit/place-edit.js'
import { repair } from '../../../petri/net-edit/repair.js'
import { createTransition, deleteTransition, setInscription } from '../../../petri/net-edit/transition-edit.js'
import { writeYaml } from '../../../petri/yaml/write.js'
import { arbitraryJson } from '../../support/arbitrary-json.js'
import { arbitraryName, arbitraryNet } from '../../support/arbitrary-net.js'

const FILE = 'nets/demo/any.yaml'
type Edit = (net: JsonObject) => JsonObject

/** An element of the net by number, or a name that may be none. */
const element = fc.tuple(fc.nat(20), arbitraryName, fc.boolean())
const named = (net: JsonObject, [at, other, odd]: [number, string, boolean], tables: readonly string[]): string => {
  const names = tables.flatMap((table) => Object.keys(tableOf(net, table)))
  return odd || names.length === 0 ? other : names[at % names.length]!
}
const BOTH = ['places', 'transitions']
const arbitraryEdit: fc.Arbitrary<Edit> = fc.oneof(
  element.chain((at) => fc.constantFrom<JsonObject[]>({}, { category: 'learning' }, { capacity: 3, title: 'A: #1' }).map((given): Edit => (net) => createPlace(net, named(net, at, ['places']), given))),
  element.map((at): Edit => (net) => deletePlace(net, named(net, at, ['places']), at[2])),
  fc.tuple(element, fc.constantFrom('pass', 'http', 'llm')).map(([at, kind]): Edit => (net) => createTransition(net, named(net, at, ['transitions']), kind, { description: 'one\ntwo\n' })),
  element.map((at): Edit => (net) => deleteTransition(net, named(net, at, ['transitions']))),
  fc.tuple(element, element, arbitraryJson).map(([from, to, emit]): Edit => (net) => createArc(net, named(net, from, ['transitions']), named(net, to, ['places']), { input: {}, output: { emit } })),
  fc.tuple(element, element, fc.boolean()).map(([from, to, where]): Edit => (net) => createArc(net, named(net, from, ['places']), named(net, to, ['transitions']), { input: where ? { where: '$.a == "#b"' } : {}, output: {} })),
  fc.tuple(element, element).map(([from, to]): Edit => (net) => deleteArc(net, named(net, from, BOTH), named(net, to, BOTH), {}).net),
  fc.tuple(element, arbitraryJson).map(([at, json]): Edit => (net) => setInscription(net, named(net, at, ['transitions']), { patch: { do: isObject(json) ? json : { template: json }, timeout: '5s' } })),
  element.map((at): Edit => (net) => setInscription(net, named(net, at, ['transitions']), { inscription: { kind: 'map', do: { template: 1 } } })),
  fc.constant<Edit>((net) => createNet(net, 'any', { title: 'Other', params: { x: 1 } })),
  fc.constant<Edit>((net) => repair(FILE, net).net),
)

/** The file with a comment at the end of every line that can have one, and how its lines look. */
const commented = (text: string): string => text.split('\n').map((line, at) => (/[:\]}'\w]$/.test(line) && !/[|>][-+]?$|^\s*\S*: [|>]/.test(line) && !block(text, at) ? `${line}  # c${at}` : line)).join('\n')
/** whether a line lies in a block scalar, where a comment would be text */
function block(text: string, at: number): boolean {
  const lines = text.split('\n')
  const depth = lines[at]!.length - lines[at]!.trimStart().length
  for (let above = at - 1; above >= 0; above--) {
    const line = lines[above]!
    if (line.trim() !== '' && line.length - line.trimStart().length < depth) return /[|>][-+]?\d?$/.test(line) || block(text, above)
  }
  return false
}

const tried = (edit: Edit, net: JsonObject): JsonObject | undefined => {
  try {
    return edit(net)
  } catch (error) {
    if (error instanceof EditFault) {
      expect([error.code, error.message, error.remedy].every((text) => text !== '')).toBe(true)
      return undefined
    }
    throw error
  }
}

describe('any script of edits', () => {
  it('is read back from the text as what it made of the value, and each edit made again changes no byte', () => {
    fc.assert(fc.property(arbitraryNet, fc.array(arbitraryEdit, { minLength: 1, maxLength: 6 }), (given: NetFile, edits) => {
      let text = commented(writeYaml(given))
      for (const edit of edits) {
        const value = readNetText(FILE, text)
        const next = tried(edit, value)
        if (!next) continue
        const written = writeNetText(FILE, next, text)
        expect(readNetText(FILE, written)).toEqual(next)
        text = written
        const again = tried(edit, next)
        // a deletion made again finds nothing, and an arc or name may be taken by the edit itself
        if (again && JSON.stringify(again) === JSON.stringify(next)) expect(writeNetText(FILE, again, text)).toBe(text)
      }
    }), { numRuns: 60 })
  })

  it('keeps the lines of every element that it does not touch, comments too', () => {
    fc.assert(fc.property(arbitraryNet, arbitraryName, (given: NetFile, name) => {
      const text = commented(writeYaml(given))
      const net = readNetText(FILE, text)
      const next = tried((value) => createPlace(value, name, { title: 'New' }), net)
      if (!next || Object.hasOwn(tableOf(net, 'places'), name) || Object.keys(tableOf(net, 'places')).length === 0) return
      const lines = writeNetText(FILE, next, text).split('\n')
      const kept = new Set(lines)
      expect(text.split('\n').filter((line) => !kept.has(line))).toEqual([])
      expect(lines.length).toBeGreaterThan(text.split('\n').length)
    }), { numRuns: 60 })
  })
})
