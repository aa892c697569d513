import { describe, expect, it } from 'vitest'
import type { Json } from '../../petri/json.js'
import { TOOLS } from '../../tools/catalog.js'
import { resultWords } from '../../tools/result-words.js'

const finding = (level: string, message: string) => ({ level, code: 'x', at: 'demo/x', message, remedy: 'Mend it.' })
const listed = (data: Json, place?: string) => ({ id: '1-0', data, createdAt: '', producedBy: '', correlationId: '', state: 'free', ...(place === undefined ? {} : { place }) })
const state = { state: 'running', ready: true, message: '', failed: 2, running: 0, recent: { fired: 1, failed: 0, going: 0, lastAt: null, meanMs: null }, waiting: [], usd: 0 }

/** What each tool answers, and what a person is told of it. */
const SAID: readonly (readonly [tool: string, answer: Json, words: string])[] = [
  ['LIST_ALL_SESSIONS', { scope: '', sessions: ['demo', 'lab'].map((session) => ({ session, title: '', nets: 1, ready: true, message: '', stopped: session === 'lab', failed: 0, usd: 0 })) }, '2 sessions: demo, lab (stopped)'],
  ['LIST_SESSION_NETS', { scope: 'demo', nets: [{ net: 'mail', revision: '', ready: true, message: '', state: 'running', tokens: 1, failed: 3 }, { net: 'logs', revision: '', ready: false, message: 'stopped by Ada', state: 'stopped', tokens: 0, failed: 0 }] }, '2 nets: mail (3 failed), logs (stopped by Ada)'],
  ['LIST_SESSION_NETS', { scope: 'demo', nets: [] }, 'no nets'],
  ['LIST_PLACES', { scope: 'demo', shown: 1, next: 'x', places: [{ place: 'demo/mail/letters', category: 'task', tokens: 4 }] }, '1 place and more: letters 4'],
  ['GET_NET_STRUCTURE', { net: 'demo/mail', ref: 'main', commit: 'c', file: 'f', places: ['a: task'], transitions: ['t', 'u'], yaml: 'long', errors: 1 }, '1 place, 2 transitions, 1 error'],
  ['GET_TRANSITION', { scope: '', state, inscription: { kind: 'http' } }, 'http, running (2 failed)'],
  ['QUERY_TOKENS', { scope: '', shown: 2, tokens: [listed({ question: 'how many\nof them?', lines: ['a', 'b'] }), listed(1)] }, '2 tokens: question: how many of them?, lines: 2 of them and 1 more'],
  ['QUERY_TOKENS', { scope: '', shown: 0, waited: true, tokens: [] }, 'no token came'],
  ['QUERY_EVENTS', { scope: '', shown: 3, events: [{ type: 'token.put' }, { type: 'transition.fired' }, { type: 'token.put' }] }, '3 events: 2 token.put, 1 transition.fired'],
  ['VERIFY_NET', { net: '', ref: '', commit: '', valid: true, findings: [], more: 0 }, 'no findings'],
  ['VERIFY_NET', { net: '', ref: '', commit: '', valid: false, findings: [finding('error', 'Place x is missing.'), finding('warning', 'w'), finding('warning', 'v')], more: 4 }, '1 error, 2 warnings and 4 more: Place x is missing.'],
  ['NET_DOCTOR', { net: '', fixed: [{ code: 'lone-otherwise', did: '' }], findings: [], more: 0 }, 'mended lone-otherwise; no findings'],
  ['DIAGNOSE_TRANSITION', { scope: '', fires: false, reasons: ['the net is stopped', 'no token fits', 'no executor'].map((message) => ({ layer: '', message, next: '' })), inputs: [] }, 'the net is stopped, no token fits and 1 more'],
  ['DRY_RUN_TRANSITION', { scope: '', enabled: true, reason: '', emits: [{ place: 'demo/mail/read', data: 1 }] }, 'enabled, would put into read'],
  ['VERIFY_RUNTIME_BINDINGS', { scope: '', ok: false, checks: [{ what: 'place', name: 'x', ok: true, message: '' }, { what: 'executor', name: 'http', ok: false, message: 'no executor is ready' }] }, 'executor http: no executor is ready'],
  ['CREATE_TOKEN', { scope: '', id: '1-0', reply: listed({ answer: 42 }) }, 'put, and the reply is answer: 42'],
  ['CREATE_TOKEN', { scope: '', id: '1-0', reply: null }, 'put, and no reply came'],
  ['FIRE_ONCE', { scope: '', firing: 3, state: 'fired', produced: [listed('done', 'demo/mail/read')], error: '' }, 'fired: read done'],
  ['FIRE_ONCE', { scope: '', firing: 3, state: 'failed', produced: [], error: 'exit 2' }, 'failed: exit 2'],
  ['STOP_TRANSITION', { scope: 'demo/mail/send', state: 'stopped', running: [4] }, 'demo/mail/send is stopped, 1 firing had begun'],
  ['DOCKER_LIST', { scope: '', shown: 1, containers: [{ name: 'redis-1', image: 'redis', state: 'running', until: '', executor: 'here' }] }, '1 container: redis-1 (running)'],
  ['HTTP_CALL', { scope: '', executor: 'here', status: 200, headers: {}, json: { temperature: 4.5, unit: 'C' }, durationMs: 1 }, '200: temperature: 4.5, unit: C'],
]

describe('what a person is told of a result', () => {
  it.each(SAID)('%s: %j', (tool, answer, words) => {
    expect(() => TOOLS.get(tool)!.answer.parse(answer)).not.toThrow()
    expect(resultWords(tool, answer)).toBe(words)
  })

  it('is one line of words and no JSON for whatever a tool may say, and falls over nothing', () => {
    for (const name of [...TOOLS.keys(), 'NO_SUCH_TOOL', 'constructor']) {
      for (const odd of [{}, [], null, 'x', 1, { places: 'no list', sessions: [1, null], findings: { a: 1 }, state: 1, reply: 3 }] as Json[]) expect(resultWords(name, odd)).not.toMatch(/[{"]/)
    }
    expect(resultWords('CREATE_PLACE', { net: 'demo/mail', branch: 'b', changed: true, findings: [], more: 0 })).toBe('net: demo/mail, branch: b, changed: true, findings: 0 of them, more: 0')
  })
})
