import { some, uses, type Task } from '../task.js'

/** Work over HTTP, on the fixture server. */
export const fetching: readonly Task[] = [
  {
    name: 'fetch-what-changed', net: 'watch',
    prompt: 'Net watch: every five minutes fetch {fixture}/page.json. Keep what it said last in a learning place `last`, and when it says something else than last time put the new content as {content} into `news`. The first content counts as news too.',
    reference: `places:
  fetched: {category: task}
  last: {category: learning}
  news: {category: task}
transitions:
  fetch:
    kind: http
    schedule: {every: 5m}
    do: {url: '{fixture}/page.json'}
    out: {fetched: {emit: {content: '\${result.json}'}}}
  same:
    kind: pass
    in: {f: fetched, l: {from: last, where: '$.content == \${f.content}', mode: read}}
    out: {}
  changed:
    kind: pass
    in:
      f: fetched
      l: {from: last, where: '$.content == \${f.content}', mode: inhibit}
      old: {from: last, mode: consume, optional: true}
    out: {last: {emit: '\${f}'}, news: {emit: '\${f}'}}`,
    shape: [uses('http'), some('comes every five minutes', (transition) => transition.schedule !== undefined && ('every' in transition.schedule ? transition.schedule.every === 300_000 : transition.schedule.cron === '*/5 * * * *'))],
    runs: [
      { fire: ['http'], then: { last: (tokens) => (tokens.length === 1 ? undefined : `last holds ${tokens.length} tokens`), news: (tokens) => (tokens.length === 1 ? undefined : `${tokens.length} news after the first fetch`) } },
      { fire: ['http'], then: { news: (tokens) => (tokens.length === 1 ? undefined : `${tokens.length} news though nothing changed`) } },
    ],
  },
  {
    name: 'fetch-by-id', net: 'users',
    prompt: 'Net users: tokens {id} in `wanted`: fetch {fixture}/users/ID for each and put {id, name} into `found`; the answer is JSON with a key name. An id that the server does not know (404) goes to `unknown` as {id}.',
    reference: `places:
  wanted: {category: task}
  found: {category: task}
  unknown: {category: task}
transitions:
  fetch:
    kind: http
    in: {w: wanted}
    do: {url: '{fixture}/users/\${w.id}'}
    out:
      found: {emit: {id: '\${w.id}', name: '\${result.json.name}'}}
      unknown: {when: error AND $.detail.status == 404, emit: {id: '\${w.id}'}}`,
    shape: [uses('http')],
    runs: [{ put: { wanted: [{ id: '1' }, { id: '404' }] }, then: { wanted: [], found: [{ id: '1', name: 'user 1' }], unknown: [{ id: '404' }] } }],
  },
  {
    name: 'post-json', net: 'push',
    prompt: 'Net push: reports {title, text} in `reports` are sent by POST as JSON {title, text} to {fixture}/echo; the server answers with what it got, under the key got. Put {title: what it got as title} into `sent`.',
    reference: `places:
  reports: {category: task}
  sent: {category: task}
transitions:
  send:
    kind: http
    in: {r: reports}
    do: {method: POST, url: '{fixture}/echo', json: {title: '\${r.title}', text: '\${r.text}'}}
    out: {sent: {emit: {title: '\${result.json.got.title}'}}}`,
    shape: [some('posts', (transition) => transition.kind === 'http' && transition.action?.['method'] === 'POST')],
    runs: [{ put: { reports: [{ title: 'A', text: 'b' }] }, then: { reports: [], sent: [{ title: 'A' }] } }],
  },
  {
    name: 'fetch-a-list', net: 'items',
    prompt: 'Net items: a token in `go` fetches {fixture}/items.json, a JSON list of {id, title}; each element becomes a token in `items`, every id at most once however often it is fetched.',
    reference: `places:
  go: {category: task}
  items: {category: learning, key: $.id, onDuplicate: ignore}
transitions:
  fetch:
    kind: http
    in: {g: go}
    do: {url: '{fixture}/items.json'}
    out: {items: {each: '\${result.json}', emit: '\${item}'}}`,
    shape: [uses('http')],
    runs: [{ put: { go: [{ n: 1 }, { n: 2 }] }, then: { go: [], items: [{ id: 1, title: 'one' }, { id: 2, title: 'two' }] } }],
  },
  {
    name: 'retry-flaky', net: 'flaky',
    prompt: 'Net flaky: a token {job} in `jobs` calls {fixture}/flaky/JOB by GET; the service answers 503 the first time and 200 the second. Try at most three times with short pauses of 10 to 50 ms, then put {job} into `done`; what fails for good goes to `failed` as {job}.',
    reference: `places:
  jobs: {category: task}
  done: {category: task}
  failed: {category: task}
transitions:
  call:
    kind: http
    in: {j: jobs}
    do: {url: '{fixture}/flaky/\${j.job}'}
    retry: {attempts: 3, backoff: 10ms..50ms}
    out: {done: {emit: {job: '\${j.job}'}}, failed: {when: error, emit: {job: '\${j.job}'}}}`,
    shape: [some('tries three times', (transition) => transition.kind === 'http' && transition.retry.attempts === 3)],
    runs: [{ put: { jobs: [{ job: 'a' }] }, then: { jobs: [], done: [{ job: 'a' }], failed: [] } }],
  },
  {
    name: 'status-watch', net: 'uptime',
    prompt: 'Net uptime: every minute call {fixture}/health. If it answers 200 nothing is to be told; if it fails put {down: true} into `alerts`. Do not try a failed call again.',
    reference: `places:
  alerts: {category: task}
transitions:
  look:
    kind: http
    schedule: {every: 1m}
    retry: {attempts: 1}
    do: {url: '{fixture}/health'}
    drop: $.status == 200
    out: {alerts: {when: error, emit: {down: true}}}`,
    shape: [some('comes every minute', (transition) => transition.schedule !== undefined && ('every' in transition.schedule ? transition.schedule.every === 60_000 : transition.schedule.cron === '* * * * *'))],
    runs: [
      { fire: ['http'], then: { alerts: [] } },
      { fire: ['http'], then: { alerts: [{ down: true }] } },
    ],
  },
]
