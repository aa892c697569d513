import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile } from '../../../petri/compile.js'
import { checkNet, checkRepository, checkSession } from '../../../petri/doctor/check.js'
import type { Finding } from '../../../petri/finding.js'
import { DEFAULT_LIMITS, type Net } from '../../../petri/net.js'
import { readYaml } from '../../../petri/yaml/read.js'
import { writeYaml } from '../../../petri/yaml/write.js'
import { netFiles } from '../nets.js'
import { exampleOf } from './examples.js'

function check(block: string): { net: Net; findings: Finding[] } {
  const { sessions, findings } = checkRepository(exampleOf(block).drafts)
  expect(findings.filter((finding) => finding.level === 'error')).toEqual([])
  const net = sessions.get('demo')!.nets.get('example')
  if (!net) throw new Error('the net was refused')
  return { net, findings }
}

const place = 'places: {jobs: {category: task}, facts: {category: context, tokens: [{}]}, done: {category: task}}\n'
const transition = (text: string): Net['transitions'][string] => check(`${place}transitions:\n  work: {in: {job: jobs}, ${text}}\n`).net.transitions['work']!

describe('the checker writes out what a file leaves unsaid', () => {
  it('places: nothing is a duplicate, a token has 1 MiB, a number of tokens is so many plain ones', () => {
    const { net } = check('places: {jobs: {category: task, tokens: 2, ttl: 2h, maxBytes: 64KiB}, done: {category: task, key: $.id}}\ntransitions:\n  finish: {kind: pass, in: {job: jobs}, out: {done: {}}}\n')
    expect(net.places['jobs']).toEqual({ name: 'jobs', address: 'example/jobs', category: 'task', tokens: [{}, {}], onDuplicate: 'refuse', ttl: 7_200_000, maxBytes: 65_536 })
    expect(net.places['done']).toMatchObject({ key: ['$.id'], maxBytes: 1_048_576 })
  })

  it('input arcs: task is consumed, the others are read, one is taken', () => {
    const inputs = check(`${place}transitions:\n  work: {kind: pass, in: {job: jobs, fact: facts, more: {from: jobs, take: 2, after: 5m}, all: {from: facts, take: all}, some: {from: jobs, take: {upTo: 3}, after: $.at}}, out: {done: {}}}\n`).net.transitions['work']!.inputs
    expect(inputs.map(({ variable, mode, take, after, address }) => ({ variable, mode, take, after, address }))).toEqual([
      { variable: 'job', mode: 'consume', take: { form: 'one' }, after: undefined, address: 'example/jobs' },
      { variable: 'fact', mode: 'read', take: { form: 'one' }, after: undefined, address: 'example/facts' },
      { variable: 'more', mode: 'consume', take: { form: 'exactly', n: 2 }, after: 300_000, address: 'example/jobs' },
      { variable: 'all', mode: 'read', take: { form: 'all' }, after: undefined, address: 'example/facts' },
      { variable: 'some', mode: 'consume', take: { form: 'upTo', n: 3 }, after: '$.at', address: 'example/jobs' },
    ])
  })

  it('output arcs: the result is emitted on success; an error with what went in', () => {
    const outputs = check(`${place}transitions:\n  work: {kind: pass, in: {job: jobs}, out: {done: [{}, {when: error}, {when: '$.n == 1'}, {when: otherwise}, {when: 'error AND $.code == "x"'}, {when: error AND otherwise}]}}\n`).net.transitions['work']!.outputs
    const failed = { error: '${error}', input: { job: '${job}' } }
    expect(outputs.map(({ on, when, emit }) => [on, when, emit])).toEqual([
      ['success', 'always', '${result}'], ['error', 'always', failed], ['success', { condition: '$.n == 1' }, '${result}'], ['success', 'otherwise', '${result}'],
      ['error', { condition: '$.code == "x"' }, failed], ['error', 'otherwise', failed],
    ])
  })

  it.each([
    ["kind: command, do: {argv: [date]}, out: {done: {}}", 1, 60_000],
    ["kind: http, do: {url: 'https://a.example/'}, out: {done: {}}", 3, 30_000],
    ["kind: http, do: {url: 'https://a.example/', method: HEAD}, out: {done: {}}", 3, 30_000],
    ["kind: http, do: {url: 'https://a.example/', method: POST}, out: {done: {}}", 1, 30_000],
    ["kind: llm, do: {prompt: hello}, out: {done: {}}", 3, 120_000],
    ["kind: agent, do: {prompt: hello}, out: {done: {}}", 1, 600_000],
  ])('%s: %i attempts of %i ms', (text, attempts, timeout) => {
    expect(transition(text)).toMatchObject({ retry: { attempts, backoff: [2_000, 60_000] }, timeout, concurrency: 16, executor: {}, credentials: {} })
  })

  it('actions: status 2xx, exit code 0, 256 KiB, GET; a list of programs allows every option', () => {
    expect(transition("kind: http, do: {url: 'https://a.example/'}, out: {done: {}}").action).toEqual({ url: 'https://a.example/', method: 'GET', headers: {}, query: {}, expect: ['2xx'], maxBytes: 262_144 })
    expect(transition('kind: command, do: {pipeline: [[wc, -l]], allow: [wc]}, out: {done: {}}').action).toEqual({ pipeline: [['wc', '-l']], allow: { wc: null }, env: {}, expect: [0], maxBytes: 262_144 })
    expect(transition('kind: pass, out: {done: {}}').action).toBeNull()
  })

  it('schedule, rate, backoff, budget, approval: in milliseconds and numbers', () => {
    expect(transition("kind: command, do: {argv: [date]}, schedule: {every: 5m}, rate: 10/m, retry: {backoff: 1s..2m}, budget: {usd: '0.05', per: firing}, out: {done: {}}")).toMatchObject({
      schedule: { every: 300_000, missed: 'once' }, rate: { limit: 10, window: 60_000 }, retry: { attempts: 1, backoff: [1_000, 120_000] }, budget: { usd: 0.05, per: 'firing' },
    })
    expect(transition("kind: pass, schedule: {cron: 0 9 * * 1-5, missed: skip}, rate: {limit: 2k/10s, per: '${job.id}'}, approval: {by: merge, expires: 3d}, out: {done: {}}")).toMatchObject({
      schedule: { cron: '0 9 * * 1-5', timezone: 'UTC', missed: 'skip' }, rate: { limit: 2_000, window: 10_000, per: '${job.id}' }, approval: { by: 'merge', expires: 259_200_000 },
    })
  })

  it('sessions: every limit, and 90 days of events', () => {
    expect(checkSession(undefined, 'demo').config).toEqual({ session: 'demo', params: {}, retention: 90 * 86_400_000, limits: DEFAULT_LIMITS })
    const draft = readYaml('nets/demo/session.yaml', 'apiVersion: agenticos.dev/v1\nkind: Session\nmetadata: {name: demo, title: Demo}\nparams: {a: 1}\nbudget: {usd: 2.00, per: day}\nretention: {events: 1d}\nlimits: {tokens: 5, firings: 10m/d, logBytes: 1GiB}\n')
    expect(checkSession(draft as never, 'demo')).toEqual({
      findings: [],
      config: { session: 'demo', title: 'Demo', params: { a: 1 }, budget: { usd: 2, per: 'day' }, retention: 86_400_000, limits: { ...DEFAULT_LIMITS, tokens: 5, firings: { limit: 10_000_000, window: 86_400_000 }, logBytes: 2 ** 30 } },
    })
  })
})

describe('params', () => {
  const block = (net: string): string => `# nets/demo/session.yaml\napiVersion: agenticos.dev/v1\nkind: Session\nmetadata: {name: demo}\nparams: {room: 5, who: session, list: [4, {deep: 9s}]}\n# nets/demo/example.yaml\n${net}`

  it('fill in a key whose whole value they are, the net before the session, deep inside too', () => {
    const { net } = check(block("params: {who: net}\nplaces: {jobs: {category: task, capacity: '${params.room}', ttl: '${ params.list[1].deep }', tokens: [{who: '${params.who}'}]}, done: {category: task}}\ntransitions:\n  finish: {kind: pass, in: {job: {from: jobs, take: '${params.list[0]}'}}, out: {done: {}}}\n"))
    expect(net.places['jobs']).toMatchObject({ capacity: 5, ttl: 9_000, tokens: [{ who: 'net' }] })
    expect(net.transitions['finish']!.inputs[0]!.take).toEqual({ form: 'exactly', n: 4 })
    expect(net.params).toEqual({ room: 5, who: 'net', list: [4, { deep: '9s' }] })
  })

  it('stay in templates, where a value that holds a ${} must not become one', () => {
    const { net } = check(block("params: {word: '${job.secret}'}\nplaces: {jobs: {category: task}, done: {category: task}}\ntransitions:\n  say: {kind: map, in: {job: jobs}, do: {template: {text: '${params.word}'}}, out: {done: {emit: '${params.word}'}}}\n"))
    expect(net.transitions['say']).toMatchObject({ action: { template: { text: '${params.word}' } }, outputs: [{ emit: '${params.word}' }] })
  })
})

describe('places that nets share', () => {
  it('carry the owner’s rules and address, none of its tokens', () => {
    const { net } = check('# nets/demo/intake.yaml\nparams: {room: 3}\nplaces: {orders: {category: context, capacity: "${params.room}", tokens: [{}], key: $.id, title: Orders}, seen: {category: task}}\ntransitions:\n  see: {kind: pass, schedule: {every: 1h}, in: {order: orders}, out: {seen: {}}}\n# nets/demo/example.yaml\nplaces: {work: {shares: intake/orders, title: Work}, done: {category: task}}\ntransitions:\n  finish: {kind: pass, in: {order: {from: work, mode: consume}, again: work}, out: {done: {}}}\n')
    expect(net.places['work']).toEqual({ name: 'work', address: 'intake/orders', shares: 'intake/orders', title: 'Work', category: 'context', capacity: 3, key: ['$.id'], onDuplicate: 'refuse', maxBytes: 1_048_576, tokens: [] })
    expect(net.transitions['finish']!.inputs.map(({ address, mode }) => [address, mode])).toEqual([['intake/orders', 'consume'], ['intake/orders', 'read']])
  })
})

describe('a draft that is not fit to run', () => {
  it('gives no net, all that the codec found, and what the rules still can say', () => {
    const { sessions, findings } = checkRepository(exampleOf('places: {jobs: {category: task, colour: red}, done: {category: task}}\ntransitions:\n  finish: {kind: pass, in: {job: jbos}, out: {done: {}}}\n').drafts)
    expect(sessions.get('demo')!.nets.size).toBe(0)
    expect(findings.map(({ code, line, column, element }) => ({ code, line, column, element }))).toEqual([
      { code: 'unreachable-place', line: 1, column: 10, element: 'example/jobs' },
      { code: 'unknown-key', line: 1, column: 33, element: 'example/jobs' },
      { code: 'dangling-arc', line: 3, column: 29, element: 'example/finish' },
    ])
  })

  it('says nothing more of a text that is no net at all', () => {
    const draft = readYaml('nets/demo/example.yaml', 'kind: [')
    const checked = checkNet(draft as never, { config: checkSession(undefined, 'demo').config, net: () => undefined, sharers: () => [], other: () => undefined })
    expect(checked.net).toBeUndefined()
    expect(checked.findings).toEqual(draft.findings)
    expect(checked.findings.length).toBeGreaterThan(0)
  })

  it('is none for its kinds: models, agents and approvals run', () => {
    const { net, findings } = check("places: {jobs: {category: task}, done: {category: task}, sure: {category: task}}\ntransitions:\n  think: {kind: llm, budget: {usd: 1, per: day}, in: {job: jobs}, do: {prompt: Why}, out: {sure: {}}}\n  allow: {kind: pass, approval: merge, in: {answer: sure}, out: {done: {}}}\n")
    expect(net.stalled).toEqual([])
    expect(findings).toEqual([])
  })
})

describe('any well-typed file', () => {
  it('is checked without a throw, each finding in the file; a net that passes compiles', () => {
    let passed = 0
    fc.assert(fc.property(netFiles, (file) => {
      const text = writeYaml(file)
      const { sessions, findings } = checkRepository([readYaml('nets/demo/watch.yaml', text)])
      const lines = text.split('\n').length
      for (const finding of findings) {
        expect(finding.line).toBeGreaterThan(0)
        expect(finding.line).toBeLessThanOrEqual(lines)
        expect(`${finding.message} ${finding.remedy}`).not.toMatch(/undefined|\[object|NaN/)
      }
      const { config, nets } = sessions.get('demo')!
      passed += nets.size
      for (const net of nets.values()) expect(JSON.parse(JSON.stringify(net))).toEqual(net)
      expect(() => compile(config, 1, [...nets.values()])).not.toThrow()
    }), { numRuns: 400 })
    expect(passed).toBeGreaterThan(0)
  })
})
