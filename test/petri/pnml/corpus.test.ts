import { describe, expect, test } from 'vitest'
import type { NetFile } from '../../../petri/language.js'
import { writePnml } from '../../../petri/pnml/write.js'
import { readFile } from '../../../petri/read.js'
import { writeYaml } from '../../../petri/yaml/write.js'
import { readYaml } from '../../../petri/yaml/read.js'
import { pnmlCorpus } from '../../support/pnml-corpus.js'

const { source, rows } = pnmlCorpus()

function arcs(net: NetFile): number {
  const several = Object.values(net.foreign?.pnml?.arcs ?? {}).reduce((sum, list) => sum + list.filter((arc) => arc.weight !== undefined).length, 0)
  const pairs = new Set(Object.entries(net.foreign?.pnml?.arcs ?? {}).filter(([, list]) => list.some((arc) => arc.weight !== undefined)).map(([pair]) => pair))
  const ends = Object.entries(net.transitions ?? {}).flatMap(([name, { in: inputs, out }]) => [
    ...Object.keys(inputs ?? {}),
    ...Object.keys(out ?? {}).filter((place) => !pairs.has(`${name} > ${place}`)),
  ])
  return ends.length + several
}

describe(`PNML files that nobody here wrote: ${source}`, () => {
  test.each(rows)('$file: $expect', ({ file, bytes, expect: wanted, places, transitions, arcs: wantedArcs }) => {
    const draft = readFile(`nets/corpus/${file}`, bytes)
    const refused = draft.findings.filter((finding) => finding.level === 'error')
    const net = draft.value as NetFile | undefined
    if (wanted === 'accept') expect(refused).toEqual([])
    if (wanted === 'refuse' || wanted === 'refuse-or-unfold') expect(net).toBeUndefined()
    if (!net) {
      expect(refused.length).toBeGreaterThan(0)
      for (const { line, column, message, remedy } of refused) expect([line > 0, column > 0, message.length > 10, remedy.length > 3]).toEqual([true, true, true, true])
      return
    }
    if (places !== undefined) expect([Object.keys(net.places ?? {}).length, Object.keys(net.transitions ?? {}).length, arcs(net)]).toEqual([places, transitions, wantedArcs])

    const text = writePnml(net)
    const again = readFile(`nets/corpus/${file}`, text)
    expect(again.value).toEqual(net)
    expect(writePnml(again.value as NetFile)).toBe(text)
    expect(readYaml(file, writeYaml(net)).value).toEqual(net)
  })
})
