import { arc, place, without, type Task } from '../task.js'

/** Tokens that belong together, are counted, or must not meet. */
export const joining: readonly Task[] = [
  {
    name: 'join-order-payment', net: 'shop',
    prompt: 'Net shop: `orders` holds {order, item}, `payments` holds {order, amount}. When both are there for the same order, put {order, item, amount} into `paid`. An order without payment must not hold up the others.',
    reference: `places:
  orders: {category: task}
  payments: {category: task}
  paid: {category: task}
transitions:
  settle:
    kind: map
    in: {o: orders, p: {from: payments, where: '$.order == \${o.order}'}}
    do: {template: {order: '\${o.order}', item: '\${o.item}', amount: '\${p.amount}'}}
    out: {paid: {}}`,
    shape: [without('llm', 'agent')],
    runs: [{ put: { orders: [{ order: 1, item: 'pen' }, { order: 2, item: 'ink' }], payments: [{ order: 2, amount: 4 }] }, then: { orders: [{ order: 1 }], payments: [], paid: [{ order: 2, item: 'ink', amount: 4 }] } }],
  },
  {
    name: 'batch-of-three', net: 'batches',
    prompt: 'Net batches: put tokens from `singles` together in threes: each three become one token {items: [the three]} in `boxes`. Fewer than three wait.',
    reference: `places:
  singles: {category: task}
  boxes: {category: task}
transitions:
  pack:
    kind: map
    in: {s: {from: singles, take: 3}}
    do: {template: {items: '\${s}'}}
    out: {boxes: {}}`,
    shape: [arc('takes three', (input) => input.take.form === 'exactly' && input.take.n === 3)],
    runs: [{ put: { singles: [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }] }, then: { singles: [{ n: 4 }], boxes: [{ items: [{ n: 1 }, { n: 2 }, { n: 3 }] }] } }],
  },
  {
    name: 'allow-list', net: 'gate',
    prompt: 'Net gate: `allowed` is a context place that declares the users "ada" and "bob" as tokens {user}. Requests {user, what} in `requests` of an allowed user go to `granted`, all others to `denied`.',
    reference: `places:
  requests: {category: task}
  allowed: {category: context, tokens: [{user: ada}, {user: bob}]}
  granted: {category: task}
  denied: {category: task}
transitions:
  grant: {kind: pass, in: {r: requests, a: {from: allowed, where: '$.user == \${r.user}'}}, out: {granted: {emit: '\${r}'}}}
  deny: {kind: pass, in: {r: requests, a: {from: allowed, where: '$.user == \${r.user}', mode: inhibit}}, out: {denied: {emit: '\${r}'}}}`,
    shape: [place('is a context place with declared tokens', (one) => one.category === 'context' && one.tokens.length === 2)],
    runs: [{ put: { requests: [{ user: 'ada', what: 1 }, { user: 'eve', what: 2 }] }, then: { requests: [], granted: [{ user: 'ada', what: 1 }], denied: [{ user: 'eve', what: 2 }] } }],
  },
  {
    name: 'alert-after-five', net: 'alarm',
    prompt: 'Net alarm: failures {ip} come into `failures`. When the same ip has failed five times, put {ip} into `alerts` once and begin to count again.',
    reference: `places:
  failures: {category: task}
  counters: {category: task, key: $.ip}
  alerts: {category: task}
transitions:
  count:
    kind: map
    in: {hit: failures, seen: {from: counters, where: '$.ip == \${hit.ip}', optional: true}}
    do: {template: {ip: '\${hit.ip}', count: '\${seen.count | default(0) | add(1)}'}}
    out: {counters: {}}
  raise:
    kind: map
    in: {full: {from: counters, where: '$.count >= 5'}}
    do: {template: {ip: '\${full.ip}'}}
    out: {alerts: {}}`,
    shape: [],
    runs: [{ put: { failures: [...Array.from({ length: 5 }, () => ({ ip: '1.1.1.1' })), { ip: '2.2.2.2' }, { ip: '1.1.1.1' }] }, then: { failures: [], alerts: [{ ip: '1.1.1.1' }] } }],
  },
  {
    name: 'one-at-a-time', net: 'mutex',
    prompt: 'Net mutex: jobs {id} in `jobs` may only be in `working` one at a time; a token {id} put into `finished` ends the job of that id, which then goes to `done`, and the next may begin.',
    reference: `places:
  jobs: {category: task}
  working: {category: task, capacity: 1}
  finished: {category: task}
  done: {category: task}
transitions:
  begin: {kind: pass, in: {job: jobs}, out: {working: {}}}
  end: {kind: pass, in: {job: working, signal: {from: finished, where: '$.id == \${job.id}'}}, out: {done: {emit: '\${job}'}}}`,
    shape: [],
    runs: [
      { put: { jobs: [{ id: 1 }, { id: 2 }] }, then: { working: (tokens) => (tokens.length === 1 ? undefined : `${tokens.length} jobs are working at a time`), done: [] } },
      { put: { finished: [{ id: 1 }] }, then: { working: [{ id: 2 }], done: [{ id: 1 }], jobs: [] } },
    ],
  },
  {
    name: 'dedupe', net: 'once',
    prompt: 'Net once: events {id, body} come into `events`, some twice. Each id goes to `fresh` the first time only; repeats are thrown away.',
    reference: `places:
  events: {category: task}
  seen: {category: learning, key: $.id, keep: 10000}
  fresh: {category: task}
transitions:
  first:
    kind: pass
    in: {e: events, s: {from: seen, where: '$.id == \${e.id}', mode: inhibit}}
    out: {fresh: {emit: '\${e}'}, seen: {emit: {id: '\${e.id}'}}}
  again:
    kind: pass
    in: {e: events, s: {from: seen, where: '$.id == \${e.id}', mode: read}}
    out: {}`,
    shape: [],
    runs: [{ put: { events: [{ id: 1, body: 'a' }, { id: 1, body: 'b' }, { id: 2, body: 'c' }] }, then: { events: [], fresh: [{ id: 1, body: 'a' }, { id: 2, body: 'c' }] } }],
  },
  {
    name: 'look-up', net: 'prices',
    prompt: 'Net prices: `catalogue` is a context place that declares {sku: "pen", price: 2} and {sku: "ink", price: 7.5}. Baskets {sku, count} in `baskets` become {sku, sum: price times count} in `bills`; a basket of an unknown sku goes to `unknown`.',
    reference: `places:
  catalogue: {category: context, tokens: [{sku: pen, price: 2}, {sku: ink, price: 7.5}]}
  baskets: {category: task}
  bills: {category: task}
  unknown: {category: task}
transitions:
  bill:
    kind: map
    in: {b: baskets, c: {from: catalogue, where: '$.sku == \${b.sku}'}}
    do: {template: {sku: '\${b.sku}', sum: '\${c.price | mul(b.count)}'}}
    out: {bills: {}}
  no-such: {kind: pass, in: {b: baskets, c: {from: catalogue, where: '$.sku == \${b.sku}', mode: inhibit}}, out: {unknown: {emit: '\${b}'}}}`,
    shape: [],
    runs: [{ put: { baskets: [{ sku: 'ink', count: 2 }, { sku: 'cup', count: 1 }] }, then: { baskets: [], bills: [{ sku: 'ink', sum: 15 }], unknown: [{ sku: 'cup' }] } }],
  },
]
