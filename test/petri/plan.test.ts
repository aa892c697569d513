import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalText } from '../../petri/canonical.js'
import { checkRepository } from '../../petri/doctor/check.js'
import { differences, type Difference } from '../../petri/difference.js'
import type { Json, JsonObject } from '../../petri/json.js'
import type { Net } from '../../petri/net.js'
import { planNet, planRepository, type ArcPlan, type NetPlan } from '../../petri/plan.js'
import { inputView, inscriptionView, netView, outputView, placeView, tokensView } from '../../petri/plan-view.js'
import { readYaml } from '../../petri/yaml/read.js'
import { anyNet, netFiles } from './nets.js'

interface TransitionView { own: JsonObject; inputs: JsonObject; outputs: string[]; order: string[] }
interface View { own: JsonObject; places: Record<string, { own: JsonObject; tokens: string[] }>; transitions: Record<string, TransitionView> }

/** All that a net means, as plain values. */
function viewOf(net: Net): View {
  return {
    own: netView(net),
    places: Object.fromEntries(Object.values(net.places).map((place) => [place.name, { own: placeView(place), tokens: [...tokensView(place)] }])),
    transitions: Object.fromEntries(Object.values(net.transitions).map((transition) => [transition.name, {
      own: inscriptionView(transition),
      inputs: Object.fromEntries(transition.inputs.map((arc) => [arc.variable, inputView(arc)])),
      outputs: transition.outputs.map((arc) => `${arc.to} ${canonicalText(outputView(arc))}`).sort(),
      order: transition.inputs.map((arc) => arc.variable),
    }])),
  }
}

/** What a view becomes when exactly the plan's changes are made to it. */
function applied(view: View, plan: NetPlan): View {
  const places = { ...view.places }
  for (const { name, verb, differences: own, tokens } of plan.places) {
    const before = places[name] ?? { own: {}, tokens: [] }
    const left = [...before.tokens]
    for (const token of tokens.removed) left.splice(left.indexOf(canonicalText(token)), 1)
    if (verb === 'remove') delete places[name]
    else places[name] = { own: changed(before.own, own), tokens: [...left, ...tokens.added.map(canonicalText)].sort() }
  }
  const transitions = { ...view.transitions }
  for (const one of plan.transitions) {
    const before = transitions[one.name] ?? { own: {}, inputs: {}, outputs: [], order: [] }
    if (one.verb === 'remove') delete transitions[one.name]
    else transitions[one.name] = { own: changed(before.own, one.differences), ...inputsAfter(before, one.inputs, one.order?.after), outputs: outputsAfter(before.outputs, one.outputs) }
  }
  return { own: changed(view.own, plan.differences), places, transitions }
}

function inputsAfter(before: TransitionView, arcs: readonly ArcPlan[], order: readonly string[] | undefined): Pick<TransitionView, 'inputs' | 'order'> {
  const inputs: Record<string, Json> = { ...before.inputs }
  for (const { name, verb, differences: own } of arcs) {
    if (verb === 'remove') delete inputs[name]
    else inputs[name] = changed((inputs[name] ?? {}) as JsonObject, own)
  }
  const stayed = before.order.filter((name) => Object.hasOwn(inputs, name))
  const came = Object.keys(inputs).filter((name) => !stayed.includes(name)).sort()
  return { inputs, order: order ? [...order] : [...stayed, ...came] }
}

function outputsAfter(before: readonly string[], arcs: readonly ArcPlan[]): string[] {
  const left = [...before]
  for (const arc of arcs) {
    expect(arc.differences).toEqual(differences(arc.before ?? {}, arc.after ?? {}))
    if (arc.before) expect(left.splice(left.indexOf(`${arc.name} ${canonicalText(arc.before)}`), 1)).toHaveLength(1)
    if (arc.after) left.push(`${arc.name} ${canonicalText(arc.after)}`)
  }
  return left.sort()
}

function changed(object: JsonObject, all: readonly Difference[]): JsonObject {
  const copy = structuredClone(object) as { [key: string]: Json }
  for (const { path, before, after } of all) {
    let at = copy as { [key: string | number]: Json }
    for (const step of path.slice(0, -1)) at = at[step] as typeof at
    const last = path.at(-1)!
    expect(at[last]).toEqual(before)
    if (after === undefined) delete at[last]
    else at[last] = after
  }
  return copy
}

describe('a plan of two nets', () => {
  it('is empty between a net and itself', () => {
    fc.assert(fc.property(netFiles, (file) => {
      const plan = planNet(anyNet(file), anyNet(structuredClone(file)))
      expect(plan).toMatchObject({ verb: 'same', differences: [], places: [], transitions: [] })
    }))
  })

  it('names exactly what differs: made to the one net, its changes give the other', () => {
    fc.assert(fc.property(netFiles, netFiles, (a, b) => {
      const [before, after] = [anyNet(a), anyNet(b)]
      const plan = planNet(before, after)
      const result = applied(viewOf(before), plan)
      expect(result).toEqual(viewOf(after))
      expect(plan.verb === 'same').toBe(canonicalText(viewOf(before) as unknown as Json) === canonicalText(viewOf(after) as unknown as Json))
    }))
  })

  it('says the whole net when it comes or goes, and nothing else', () => {
    fc.assert(fc.property(netFiles, (file) => {
      const net = anyNet(file)
      const empty: View = { own: {}, places: {}, transitions: {} }
      const come = planNet(undefined, net)
      expect(come.verb).toBe('add')
      expect(applied(empty, come)).toEqual(viewOf(net))
      expect(planNet(net, undefined)).toMatchObject({ verb: 'remove', places: Object.keys(net.places).sort().map((name) => ({ name, verb: 'remove' })) })
    }))
  })

  it('is the same value whatever order the files have', () => {
    fc.assert(fc.property(netFiles, netFiles, (a, b) => {
      const turned = (file: typeof a): typeof a => ({ ...file, ...(file.places ? { places: reversed(file.places) } : {}), ...(file.transitions ? { transitions: reversed(file.transitions) } : {}) })
      expect(planNet(anyNet(turned(a)), anyNet(turned(b)))).toEqual(planNet(anyNet(a), anyNet(b)))
    }))
  })
})

function reversed<T>(table: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(table).reverse())
}

describe('a plan of a repository', () => {
  const head = 'apiVersion: agenticos.dev/v1\nkind: Net\nmetadata: {name: watch}\n'
  const sessions = (net: string, session = ''): ReturnType<typeof checkRepository>['sessions'] => {
    const files = [readYaml('nets/demo/watch.yaml', head + net)]
    if (session) files.push(readYaml('nets/demo/session.yaml', `apiVersion: agenticos.dev/v1\nkind: Session\nmetadata: {name: demo}\n${session}`))
    const checked = checkRepository(files)
    expect(checked.findings.filter((finding) => finding.level === 'error')).toEqual([])
    return checked.sessions
  }
  const net = 'places: {lines: {category: task}, hits: {category: task, tokens: [{a: 1}, {b: 2}]}}\ntransitions:\n  read: {kind: pass, in: {line: lines}, out: {hits: {}}}\n'

  it('is silent about layout, comments, quoting, flow and order of keys', () => {
    const other = [
      '# how we read', 'transitions:', '  "read":', '    out: {hits: {emit: "${result}", when: success}}', '    in:', '      line: {from: lines, mode: consume}', '    kind: pass',
      'layout: {lines: [10, 20], read: [30, 40]}', 'places:', '  hits:', '    tokens:', '      - b: 2', '      - a: 1.0', '    category: task', '  lines: {category: task, maxBytes: 1024KiB}',
    ].join('\n')
    expect(planRepository(sessions(net), sessions(other))).toEqual({ sessions: [], nets: [] })
  })

  it('shows a rename as one that goes and one that comes', () => {
    const plan = planRepository(sessions(net), sessions(net.replaceAll('hits', 'finds')))
    expect(plan.nets[0]!.places.map(({ name, verb }) => `${verb} ${name}`)).toEqual(['add finds', 'remove hits'])
    expect(plan.nets[0]!.transitions[0]!.outputs.map(({ name, verb }) => `${verb} ${name}`)).toEqual(['add finds', 'remove hits'])
  })

  it('tells a param of the session once, not again by each net', () => {
    const plan = planRepository(sessions(net, 'params: {logs: a}'), sessions(net, 'params: {logs: b}'))
    expect(plan.nets).toEqual([])
    expect(plan.sessions).toEqual([{ session: 'demo', verb: 'change', differences: [{ path: ['params', 'logs'], before: 'a', after: 'b' }] }])
  })

  it('tells what a param of the session fills in, by the net that it fills', () => {
    const filled = net.replace('lines: {category: task}', "lines: {category: task, capacity: '${params.room}'}")
    const plan = planRepository(sessions(filled, 'params: {room: 5}'), sessions(filled, 'params: {room: 6}'))
    expect(plan.nets[0]!.places).toEqual([{ name: 'lines', verb: 'change', differences: [{ path: ['capacity'], before: 5, after: 6 }], tokens: { added: [], removed: [] } }])
  })

  it('counts declared tokens as a bag', () => {
    const plan = planRepository(sessions(net), sessions(net.replace('[{a: 1}, {b: 2}]', '[{b: 2}, {b: 2}]')))
    expect(plan.nets[0]!.places[0]!.tokens).toEqual({ added: [{ b: 2 }], removed: [{ a: 1 }] })
  })
})
