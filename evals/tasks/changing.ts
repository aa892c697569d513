import { arc, place, some, type Task } from '../task.js'

const COUNTER = `params: {threshold: 5}
places:
  hits: {category: task}
  counters: {category: task, key: $.ip}
  alerts: {category: task}
transitions:
  count:
    kind: map
    in: {hit: hits, seen: {from: counters, where: '$.ip == \${hit.ip}', optional: true}}
    do: {template: {ip: '\${hit.ip}', count: '\${seen.count | default(0) | add(1)}'}}
    out: {counters: {}}
  raise:
    kind: pass
    in: {hit: {from: counters, where: '$.count >= \${params.threshold}'}}
    out: {alerts: {}}`
const PASS = `places:
  a: {category: task}
  b: {category: task}
transitions:
  go: {kind: pass, in: {x: a}, out: {b: {}}}`

/** Changes of nets that stand: the rest must stay as it is. */
export const changing: readonly Task[] = [
  {
    name: 'change-threshold', net: 'limit', before: COUNTER,
    prompt: 'In net limit the alert should come after 3 hits instead of 5. Change nothing else.',
    reference: COUNTER.replace('threshold: 5', 'threshold: 3'),
    shape: [(net) => (Object.keys(net.transitions).length === 2 ? undefined : 'it has other transitions than before')],
    runs: [{ put: { hits: [{ ip: 'a' }, { ip: 'a' }, { ip: 'a' }, { ip: 'b' }] }, then: { hits: [], alerts: [{ ip: 'a' }] } }],
  },
  {
    name: 'add-archive', net: 'line', before: PASS,
    prompt: 'In net line every token that goes from a to b should also go to a new learning place `archive` that keeps the last 1000.',
    reference: PASS.replace('b: {category: task}\n', 'b: {category: task}\n  archive: {category: learning, keep: 1000}\n').replace('out: {b: {}}', 'out: {b: {}, archive: {}}'),
    shape: [place('keeps 1000', (one) => one.keep === 1000)],
    runs: [{ put: { a: [{ n: 1 }] }, then: { a: [], b: [{ n: 1 }], archive: [{ n: 1 }] } }],
  },
  {
    name: 'add-guard', net: 'guarded', before: PASS,
    prompt: 'In net guarded only tokens whose `ok` is true may go from a to b; the others stay in a.',
    reference: PASS.replace('in: {x: a}', "in: {x: {from: a, where: '$.ok == true'}}"),
    shape: [arc('has a condition', (input) => input.where !== undefined)],
    runs: [{ put: { a: [{ n: 1, ok: true }, { n: 2, ok: false }, { n: 3 }] }, then: { a: [{ n: 2 }, { n: 3 }], b: [{ n: 1 }] } }],
  },
  {
    name: 'remove-transition', net: 'trim', before: COUNTER,
    prompt: 'In net trim take the transition `raise` and the place `alerts` away, and the param that nobody uses then. Counting goes on.',
    reference: `places:
  hits: {category: task}
  counters: {category: task, key: $.ip}
transitions:
  count:
    kind: map
    in: {hit: hits, seen: {from: counters, where: '$.ip == \${hit.ip}', optional: true}}
    do: {template: {ip: '\${hit.ip}', count: '\${seen.count | default(0) | add(1)}'}}
    out: {counters: {}}`,
    shape: [(net) => (Object.hasOwn(net.transitions, 'raise') || Object.hasOwn(net.places, 'alerts') ? 'raise or alerts is still there' : undefined)],
    runs: [{ put: { hits: [{ ip: 'a' }, { ip: 'a' }] }, then: { hits: [], counters: [{ ip: 'a', count: 2 }] } }],
  },
  {
    name: 'bound-a-place', net: 'pressure', before: PASS,
    prompt: 'In net pressure the place b may hold at most 2 tokens; more have to wait in a.',
    reference: PASS.replace('b: {category: task}', 'b: {category: task, capacity: 2}'),
    shape: [place('has a capacity of 2', (one) => one.capacity === 2)],
    runs: [{ put: { a: [{ n: 1 }, { n: 2 }, { n: 3 }] }, then: { a: [{ n: 3 }], b: [{ n: 1 }, { n: 2 }] } }],
  },
  {
    name: 'rate-limit', net: 'slow', before: PASS,
    prompt: 'In net slow the transition go may fire at most ten times a minute.',
    reference: PASS.replace('go: {kind: pass,', 'go: {kind: pass, rate: 10/m,'),
    shape: [some('has a rate of ten a minute', (transition) => transition.rate?.limit === 10 && transition.rate.window === 60_000)],
    runs: [{ put: { a: Array.from({ length: 12 }, (_, n) => ({ n })) }, then: { b: (tokens) => (tokens.length === 10 ? undefined : `${tokens.length} went through at once`) } }],
  },
]
