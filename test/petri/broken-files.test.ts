import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasErrors } from '../../petri/finding.js'
import { readFile } from '../../petri/read.js'
import { writePnml } from '../../petri/pnml/write.js'
import { writeYaml } from '../../petri/yaml/write.js'
import { arbitraryText } from '../support/arbitrary-json.js'
import { arbitraryNet } from '../support/arbitrary-net.js'

interface Cut {
  readonly at: number
  readonly length: number
  readonly put: string
}

const cut: fc.Arbitrary<Cut> = fc.record({ at: fc.nat(), length: fc.nat(12), put: fc.oneof(arbitraryText, fc.constantFrom('<', '>', '"', '{', '}', '[', ']', ':', ',', '\n  ', '&a ', '*a', '!!', '%', '\0', '\ud800', '</place>', '<arc/>', '-->', ']]>', '&#0;', 'take: ', '99999999999999999999')) })

function broken(text: string, cuts: readonly Cut[]): string {
  return cuts.reduce((left, { at, length, put }) => {
    const from = at % (left.length + 1)
    return left.slice(0, from) + put + left.slice(from + length)
  }, text)
}

test.each([
  ['YAML', 'n.yaml', writeYaml],
  ['PNML', 'n.pnml', writePnml],
] as const)('a %s file broken anywhere is read, or refused with a finding that stands in the file; nothing throws', (_, file, write) => {
  fc.assert(fc.property(arbitraryNet, fc.array(cut, { minLength: 1, maxLength: 4 }), (net, cuts) => {
    const text = broken(write(net), cuts)
    const { value, findings } = readFile(`nets/demo/${file}`, text)
    if (value === undefined) expect(hasErrors(findings)).toBe(true)
    const lines = text.split(/\r\n|\r|\n/).length
    for (const { line, column, message, remedy, code } of findings) {
      expect(line).toBeGreaterThan(0)
      expect(line).toBeLessThanOrEqual(lines + 1)
      expect(column).toBeGreaterThan(0)
      expect([message, remedy, code].every((part) => part !== '')).toBe(true)
    }
  }), { numRuns: 300 })
})

test('bytes of any kind are read or refused; nothing throws', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom('n.yaml', 'n.pnml'), (bytes, file) => {
    const { value, findings } = readFile(file, bytes)
    expect(value === undefined ? hasErrors(findings) : true).toBe(true)
  }), { numRuns: 500 })
})
