import { place, uses, without, type Task } from '../task.js'

/** Tokens made into others. */
export const transforming: readonly Task[] = [
  {
    name: 'full-name', net: 'names',
    prompt: 'Net names: tokens {first, last} come into `people`; put {full: "FIRST LAST", initials: the first letters} into `cards`.',
    reference: `places:
  people: {category: task}
  cards: {category: task}
transitions:
  card:
    kind: map
    in: {p: people}
    do: {template: {full: '\${p.first} \${p.last}', initials: '\${p.first | slice(0, 1)}\${p.last | slice(0, 1)}'}}
    out: {cards: {}}`,
    shape: [uses('map')],
    runs: [{ put: { people: [{ first: 'Ada', last: 'Lovelace' }] }, then: { people: [], cards: [{ full: 'Ada Lovelace', initials: 'AL' }] } }],
  },
  {
    name: 'split-list', net: 'splitter',
    prompt: 'Net splitter: a token {order, items: [...]} in `orders` becomes one token {order, item} for each item, in `lines`.',
    reference: `places:
  orders: {category: task}
  lines: {category: task}
transitions:
  split:
    kind: pass
    in: {o: orders}
    out: {lines: {each: '\${o.items}', emit: {order: '\${o.order}', item: '\${item}'}}}`,
    shape: [without('command', 'llm')],
    runs: [{ put: { orders: [{ order: 1, items: ['a', 'b'] }, { order: 2, items: [] }] }, then: { orders: [], lines: [{ order: 1, item: 'a' }, { order: 1, item: 'b' }] } }],
  },
  {
    name: 'celsius', net: 'weather',
    prompt: 'Net weather: readings {city, fahrenheit} come into `readings`. Put {city, celsius} into `report`, celsius rounded to one digit.',
    reference: `places:
  readings: {category: task}
  report: {category: task}
transitions:
  convert:
    kind: map
    in: {r: readings}
    do: {template: {city: '\${r.city}', celsius: '\${r.fahrenheit | sub(32) | mul(5) | div(9) | round(1)}'}}
    out: {report: {}}`,
    shape: [without('llm', 'command')],
    runs: [{ put: { readings: [{ city: 'Berlin', fahrenheit: 68 }, { city: 'Oslo', fahrenheit: 50.5 }] }, then: { readings: [], report: [{ city: 'Berlin', celsius: 20 }, { city: 'Oslo', celsius: 10.3 }] } }],
  },
  {
    name: 'running-total', net: 'totals',
    prompt: 'Net totals: payments {customer, amount} come into `payments`. Keep in `totals` exactly one token {customer, total} for each customer, the sum of what they paid.',
    reference: `places:
  payments: {category: task}
  totals: {category: learning, key: $.customer}
transitions:
  sum:
    kind: map
    in:
      p: payments
      t: {from: totals, where: '$.customer == \${p.customer}', mode: consume, optional: true}
    do: {template: {customer: '\${p.customer}', total: '\${t.total | default(0) | add(p.amount)}'}}
    out: {totals: {}}`,
    shape: [place('has a key', (one) => one.key !== undefined)],
    runs: [{ put: { payments: [{ customer: 'a', amount: 1.1 }, { customer: 'b', amount: 5 }, { customer: 'a', amount: 2.2 }] }, then: { payments: [], totals: [{ customer: 'a', total: 3.3 }, { customer: 'b', total: 5 }] } }],
  },
  {
    name: 'count-words', net: 'words',
    prompt: 'Net words: texts {id, text} come into `texts`; put {id, words: how many words it has, separated by single spaces} into `counts`.',
    reference: `places:
  texts: {category: task}
  counts: {category: task}
transitions:
  count:
    kind: map
    in: {t: texts}
    do: {template: {id: '\${t.id}', words: '\${t.text | trim | split(" ") | length}'}}
    out: {counts: {}}`,
    shape: [without('llm')],
    runs: [{ put: { texts: [{ id: 1, text: 'to be or not to be' }, { id: 2, text: 'once' }] }, then: { texts: [], counts: [{ id: 1, words: 6 }, { id: 2, words: 1 }] } }],
  },
  {
    name: 'clean-email', net: 'mail',
    prompt: 'Net mail: sign-ups {email} come into `signups`, with stray blanks and mixed case. Put {email} trimmed and in lower case into `members`, each address at most once.',
    reference: `places:
  signups: {category: task}
  members: {category: learning, key: $.email, onDuplicate: ignore}
transitions:
  clean:
    kind: map
    in: {s: signups}
    do: {template: {email: '\${s.email | trim | lower}'}}
    out: {members: {}}`,
    shape: [place('has a key', (one) => one.key !== undefined)],
    runs: [{ put: { signups: [{ email: ' Ada@Example.org' }, { email: 'ada@example.org ' }, { email: 'Bob@example.org' }] }, then: { signups: [], members: [{ email: 'ada@example.org' }, { email: 'bob@example.org' }] } }],
  },
]
