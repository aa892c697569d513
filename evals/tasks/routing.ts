import { arc, place, uses, without, type Task } from '../task.js'

/** Tokens sent one way or the other by what they say. */
export const routing: readonly Task[] = [
  {
    name: 'route-by-level', net: 'router',
    prompt: 'Build a net called router. Log lines arrive in a place `lines` as {level, text}. Those whose level is "error" go to a place `errors`, all others to a place `rest`.',
    reference: `places:
  lines: {category: task}
  errors: {category: task}
  rest: {category: task}
transitions:
  error: {kind: pass, in: {line: {from: lines, where: '$.level == "error"'}}, out: {errors: {}}}
  other: {kind: pass, in: {line: {from: lines, otherwise: true}}, out: {rest: {}}}`,
    shape: [without('llm', 'agent', 'command', 'http')],
    runs: [{ put: { lines: [{ level: 'error', text: 'a' }, { level: 'info', text: 'b' }, { text: 'c' }] }, then: { lines: [], errors: [{ text: 'a' }], rest: [{ text: 'b' }, { text: 'c' }] } }],
  },
  {
    name: 'route-by-amount', net: 'orders',
    prompt: 'I need a net called orders: orders come into `incoming` as {id, amount}. Amounts of 1000 or more go to `review`, smaller ones to `accepted`.',
    reference: `places:
  incoming: {category: task}
  review: {category: task}
  accepted: {category: task}
transitions:
  large: {kind: pass, in: {order: {from: incoming, where: '$.amount >= 1000'}}, out: {review: {}}}
  small: {kind: pass, in: {order: {from: incoming, where: '$.amount < 1000'}}, out: {accepted: {}}}`,
    shape: [without('llm', 'agent')],
    runs: [{ put: { incoming: [{ id: 1, amount: 1000 }, { id: 2, amount: 999.99 }, { id: 3, amount: 5000 }] }, then: { incoming: [], review: [{ id: 1 }, { id: 3 }], accepted: [{ id: 2 }] } }],
  },
  {
    name: 'fan-out', net: 'copies',
    prompt: 'Make a net called copies in which every token put into `in-tray` ends up both in `archive` and in `work`.',
    reference: `places:
  in-tray: {category: task}
  archive: {category: task}
  work: {category: task}
transitions:
  copy: {kind: pass, in: {x: in-tray}, out: {archive: {}, work: {}}}`,
    shape: [],
    runs: [{ put: { 'in-tray': [{ a: 1 }, { a: 2 }] }, then: { 'in-tray': [], archive: [{ a: 1 }, { a: 2 }], work: [{ a: 1 }, { a: 2 }] } }],
  },
  {
    name: 'match-pattern', net: 'logins',
    prompt: 'Net logins: lines of an sshd log come into `lines` as {text}. Lines that say "Failed password for USER from IP" become tokens {user, ip} in `failures`; other lines are thrown away.',
    reference: `places:
  lines: {category: task}
  failures: {category: task}
transitions:
  failed:
    kind: map
    in: {line: {from: lines, where: '$.text MATCHES /Failed password for \\S+ from [0-9.]+/'}}
    do: {template: '\${line.text | match(/Failed password for (?<user>\\S+) from (?<ip>[0-9.]+)/)}'}
    out: {failures: {}}
  other: {kind: pass, in: {line: {from: lines, otherwise: true}}, out: {}}`,
    shape: [without('llm', 'agent')],
    runs: [{ put: { lines: [{ text: 'sshd[1]: Failed password for root from 10.0.0.9 port 22 ssh2' }, { text: 'sshd[1]: Accepted password for ada from 10.0.0.1' }] }, then: { lines: [], failures: [{ user: 'root', ip: '10.0.0.9' }] } }],
  },
  {
    name: 'three-ways', net: 'triage',
    prompt: 'Net triage: tickets {id, priority} come into `tickets`; priority is low, normal or high. Sort them into places `low`, `normal` and `high`. Anything else goes to `unclear`.',
    reference: `places:
  tickets: {category: task}
  low: {category: task}
  normal: {category: task}
  high: {category: task}
  unclear: {category: task}
transitions:
  is-low: {kind: pass, in: {t: {from: tickets, where: '$.priority == "low"'}}, out: {low: {}}}
  is-normal: {kind: pass, in: {t: {from: tickets, where: '$.priority == "normal"'}}, out: {normal: {}}}
  is-high: {kind: pass, in: {t: {from: tickets, where: '$.priority == "high"'}}, out: {high: {}}}
  is-unclear: {kind: pass, in: {t: {from: tickets, otherwise: true}}, out: {unclear: {}}}`,
    shape: [arc('takes what is left (otherwise)', (input) => input.otherwise)],
    runs: [{ put: { tickets: [{ id: 1, priority: 'low' }, { id: 2, priority: 'high' }, { id: 3, priority: 'normal' }, { id: 4, priority: 'urgent' }, { id: 5 }] }, then: { tickets: [], low: [{ id: 1 }], high: [{ id: 2 }], normal: [{ id: 3 }], unclear: [{ id: 4 }, { id: 5 }] } }],
  },
  {
    name: 'refuse-bad-shape', net: 'intake',
    prompt: 'Net intake with a place `people` that only takes tokens with a text `name` and a whole number `age` of at least 0, and a place `adults`: people of 18 or more move there, younger ones stay.',
    reference: `places:
  people:
    category: task
    schema: {type: object, required: [name, age], properties: {name: {type: string}, age: {type: integer, minimum: 0}}}
  adults: {category: task}
transitions:
  grown: {kind: pass, in: {p: {from: people, where: '$.age >= 18'}}, out: {adults: {}}}`,
    shape: [place('has a schema', (one) => one.schema !== undefined), uses('pass')],
    runs: [{ put: { people: [{ name: 'Ada', age: 36 }, { name: 'Tim', age: 7 }] }, then: { people: [{ name: 'Tim' }], adults: [{ name: 'Ada' }] } }],
  },
]
