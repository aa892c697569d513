import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { incidenceOf, type Incidence } from '../../../petri/analysis/incidence.js'
import { placeInvariants, transitionInvariants } from '../../../petri/analysis/invariants.js'
import { checkRepository } from '../../../petri/doctor/check.js'
import { drafted } from '../../../petri/doctor/drafted.js'
import { configOf } from '../../../petri/doctor/normalise/config.js'
import type { NetFile } from '../../../petri/language.js'
import type { Draft, Net } from '../../../petri/net.js'
import { readPnml } from '../../../petri/pnml/read.js'
import { exampleOf } from '../doctor/examples.js'

interface Known { readonly file: string; readonly rank: number; readonly places: number; readonly transitions: number; readonly pFlows: number | undefined; readonly tFlows: number | undefined; readonly pCovered: boolean | undefined }

const CORPUS = new URL('../../../../shared/pnml-corpus/', import.meta.url)
/** A fixture of our own where the corpus is not there: two processes and a lock. */
const OWN: Known[] = [{ file: 'own.pnml', rank: 2, places: 3, transitions: 2, pFlows: 3, tFlows: 2, pCovered: true }]
const OWN_TEXT = `<pnml xmlns="http://www.pnml.org/version-2009/grammar/pnml"><net id="n" type="http://www.pnml.org/version-2009/grammar/ptnet"><page id="g">
${['idle1', 'busy1', 'idle2', 'busy2', 'lock'].map((id) => `<place id="${id}"/>`).join('')}${['get1', 'put1', 'get2', 'put2'].map((id) => `<transition id="${id}"/>`).join('')}
${[['idle1', 'get1'], ['lock', 'get1'], ['get1', 'busy1'], ['busy1', 'put1'], ['put1', 'idle1'], ['put1', 'lock'], ['idle2', 'get2'], ['lock', 'get2'], ['get2', 'busy2'], ['busy2', 'put2'], ['put2', 'idle2'], ['put2', 'lock']]
    .map(([from, to], at) => `<arc id="a${at}" source="${from}" target="${to}"/>`).join('')}</page></net></pnml>`

const corpus = existsSync(new URL('invariants.tsv', CORPUS))
const number = (text: string | undefined): number | undefined => (text === '' || text === undefined ? undefined : Number(text))
const known: Known[] = !corpus ? OWN : readFileSync(new URL('invariants.tsv', CORPUS), 'utf8').trim().split('\n').slice(1).map((line) => {
  const [file, rank, places, transitions, pFlows, tFlows, pCovered] = line.split('\t')
  return { file: file!, rank: Number(rank), places: Number(places), transitions: Number(transitions), pFlows: number(pFlows), tFlows: number(tFlows), pCovered: pCovered === '' ? undefined : pCovered === 'TRUE' }
})

/** The net of a file, findings or not: a source transition is no workflow, but it has invariants. */
function skeleton(file: string): Net {
  const draft = readPnml(`nets/demo/${file}`, corpus ? readFileSync(new URL(file, CORPUS), 'utf8') : OWN_TEXT) as Draft<NetFile>
  return drafted(draft, { config: configOf('demo', undefined), net: () => undefined, sharers: () => [], other: () => undefined })!.net
}

describe(corpus ? 'invariants of nets with published answers' : 'invariants of our own fixture (the corpus is not here)', () => {
  it.each(known)('$file', ({ file, rank, places, transitions, pFlows, tFlows, pCovered }) => {
    const incidence = incidenceOf([skeleton(file)])
    const byPlace = placeInvariants(incidence)
    const byTransition = transitionInvariants(incidence, 1_000)
    expect(incidence.exact).toBe(true)
    expect({ rank: incidence.places.length - byPlace.dimension, places: byPlace.dimension, transitions: byTransition.dimension }).toEqual({ rank, places, transitions })
    for (const flow of byPlace.semiflows) expect(constant(incidence, flow)).toBe(true)
    if (pFlows !== undefined && byPlace.complete) {
      expect(byPlace.semiflows).toHaveLength(pFlows)
      expect(new Set(byPlace.semiflows.flatMap((flow) => [...flow.keys()])).size === incidence.places.length).toBe(pCovered)
    }
    // Few enough to list is listed.
    if (pFlows !== undefined && pFlows <= 100) expect(byPlace.complete).toBe(true)
    if (tFlows !== undefined && byTransition.complete) expect(byTransition.semiflows).toHaveLength(tFlows)
  })
})

function constant(incidence: Incidence, flow: ReadonlyMap<string, number>): boolean {
  return incidence.effects.every(({ change }) => [...change].reduce((sum, [place, by]) => sum + by * (flow.get(incidence.places[place]!) ?? 0), 0) === 0)
}

describe('invariants of nets whose arcs ask about data', () => {
  const flows = (text: string): string[] => {
    const { sessions, findings } = checkRepository(exampleOf(text).drafts)
    expect(findings.filter(({ level }) => level === 'error')).toEqual([])
    const result = placeInvariants(incidenceOf([...sessions.get('demo')!.nets.values()]))
    return result.semiflows.map((flow) => [...flow].map(([place, weight]) => `${weight} ${place}`).join(' + ')).sort()
  }
  const places = 'places: {a: {category: task}, b: {category: task}, c: {category: task}}\ntransitions:\n'

  it('count arc weights, and leave read arcs out', () => {
    expect(flows(`${places}  t: {kind: pass, in: {x: {from: a, take: 2}, y: {from: c, mode: read}}, out: {b: {}}}\n`)).toEqual(['1 example/a + 2 example/b', '1 example/c'])
  })

  it('hold only where no outcome of a condition, each, drop or optional input breaks them', () => {
    expect(flows(`${places}  t: {kind: pass, in: {x: a}, out: {b: {when: '$.n == 1'}, c: {when: otherwise}}}\n`)).toEqual([])
    expect(flows(`${places}  t: {kind: pass, in: {x: a}, out: {b: {}}, drop: '$.n == 1'}\n`)).toEqual(['1 example/c'])
    expect(flows(`${places}  t: {kind: pass, in: {x: a, y: {from: c, optional: true}}, out: {b: {}}}\n`)).toEqual(['1 example/a + 1 example/b'])
    expect(flows(`${places}  t: {kind: pass, in: {x: {from: a, take: all}}, out: {b: {each: '\${x}'}}}\n`)).toEqual(['1 example/c'])
  })

  it('are those of all nets that share a place', () => {
    const other = '# nets/demo/other.yaml\nplaces: {b: {shares: example/b}, d: {category: task}}\ntransitions:\n  u: {kind: pass, in: {x: b}, out: {d: {}}}\n'
    expect(flows(`# nets/demo/example.yaml\n${places}  t: {kind: pass, in: {x: a, y: c}, out: {b: {}}}\n${other}`)).toEqual(['1 example/a + 1 example/b + 1 other/d', '1 example/b + 1 example/c + 1 other/d'])
  })

  it('say when they are too many to list', () => {
    const wide = Array.from({ length: 14 }, (_, i) => `<place id="p${i}a"/><place id="p${i}b"/><transition id="t${i}"/>`).join('')
    const arcs = Array.from({ length: 14 }, (_, i) => [[`p${i}a`, `t${i}`], [`p${i}b`, `t${i}`], [`t${i}`, `p${(i + 1) % 14}a`], [`t${i}`, `p${(i + 1) % 14}b`]]).flat().map(([from, to], at) => `<arc id="a${at}" source="${from}" target="${to}"/>`).join('')
    const draft = readPnml('nets/demo/wide.pnml', `<pnml xmlns="http://www.pnml.org/version-2009/grammar/pnml"><net id="n" type="http://www.pnml.org/version-2009/grammar/ptnet"><page id="g">${wide}${arcs}</page></net></pnml>`)
    const net = drafted(draft as Draft<NetFile>, { config: configOf('demo', undefined), net: () => undefined, sharers: () => [], other: () => undefined })!.net
    const all = placeInvariants(incidenceOf([net]))
    const few = placeInvariants(incidenceOf([net]), 100)
    expect(few.complete).toBe(false)
    expect(few.dimension).toBe(all.dimension)
    for (const flow of [...all.semiflows, ...few.semiflows]) expect(constant(incidenceOf([net]), flow)).toBe(true)
  })
})

describe('semiflows of random matrices', () => {
  it('are solutions of minimal support without a common divisor, and all of them', () => {
    const matrix = fc.integer({ min: 1, max: 5 }).chain((columns) => fc.array(fc.array(fc.integer({ min: -2, max: 2 }), { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 6 }))
    fc.assert(fc.property(matrix, (rows) => {
      const incidence: Incidence = {
        places: rows.map((_, place) => `n/p${place}`), exact: true,
        effects: rows[0]!.map((_, effect) => ({ transition: `n/t${effect}`, change: new Map(rows.map((row, place) => [place, row[effect]!])) })),
      }
      const { semiflows, complete } = placeInvariants(incidence)
      expect(complete).toBe(true)
      const supports = semiflows.map((flow) => new Set<string>(flow.keys()))
      for (const [at, flow] of semiflows.entries()) {
        expect(constant(incidence, flow)).toBe(true)
        expect([...flow.values()].reduce((a, b) => { while (b) [a, b] = [b, a % b]; return a }, 0)).toBe(1)
        expect(supports.some((other, index) => index !== at && [...other].every((place) => supports[at]!.has(place)))).toBe(false)
      }
      // Every solution with weights of 0 to 2 has one of them inside its support.
      for (const weights of vectors(rows.length)) {
        const flow = new Map(weights.map((weight, place): [string, number] => [`n/p${place}`, weight]).filter(([, weight]) => weight > 0))
        if (flow.size === 0 || !constant(incidence, flow)) continue
        expect(supports.some((support) => [...support].every((place) => flow.has(place)))).toBe(true)
      }
    }), { numRuns: 60 })
  })
})

function vectors(length: number): number[][] {
  return length === 0 ? [[]] : vectors(length - 1).flatMap((rest) => [0, 1, 2].map((weight) => [weight, ...rest]))
}
