// What others wrote never commands the terminal of who reads it: texts with escape sequences, put wherever a text goes, come out of
// every reading command without them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { API } from '../../protocol/api.js'
import { startRiver, type River } from '../support/river.js'

/** Sets the title, clears the screen, rings, goes back over the line, turns the direction of writing, and draws a link. */
const EVIL = 'a\u001b]0;owned\u0007b\u001b[2Jc\rd\u0008e\u009b31mf\u202eg\u001b]8;;http://evil.example\u0007h\u007fi\u2028j'
const NET = `apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: n, title: ${JSON.stringify(EVIL)}, description: ${JSON.stringify(EVIL)}}
params: {p: ${JSON.stringify(EVIL)}}
places:
  a: {category: task, title: ${JSON.stringify(EVIL)}}
  b: {category: task, description: ${JSON.stringify(EVIL)}}
  jobs: {category: task}
transitions:
  fail: {kind: map, title: ${JSON.stringify(EVIL)}, in: {x: b}, do: {template: ['\${x.t | add(1)}', '\${params.p}']}, out: {a: {}}}
  work: {kind: command, in: {x: jobs}, do: {script: 'printf "%s" "$T"; printf "%s" "$T" >&2; exit 7', env: {T: '\${x.t}'}}, out: {a: {}}}
`
const folder = mkdtempSync(join(tmpdir(), 'agenticos-terminal-'))
let river: River
beforeAll(async () => {
  river = await startRiver({ files: { 'nets/evil/n.yaml': NET, 'nets/evil/session.yaml': `apiVersion: agenticos.dev/v1\nkind: Session\nmetadata: {name: evil, title: ${JSON.stringify(EVIL)}}\n` } })
  const { client } = river
  const evil = { [EVIL]: EVIL, t: EVIL }
  for (const place of ['a', 'b', 'jobs']) await river.put(`evil/n/${place}`, evil, EVIL)
  await river.quiet('evil')
  await client.call(API.lifecycle, { body: { target: 'evil/n/fail', state: 'stopped', reason: EVIL } })
  const { number } = await client.call(API.openProposal, { body: { title: EVIL, body: EVIL, files: [{ path: 'nets/evil/n.yaml', content: NET.replace('[2Jc', '[2Jd') }] } })
  await client.call(API.commentProposal, { params: { proposal: number }, body: { comment: EVIL } })
  await client.call(API.approveProposal, { params: { proposal: number }, body: { comment: EVIL } })
  await client.call(API.openProposal, { body: { title: EVIL, body: EVIL, files: [{ path: 'nets/evil/m.yaml', content: `kind: ${EVIL}\n${EVIL}: 1\n` }] } })
})
afterAll(() => rmSync(folder, { recursive: true }))

const READ = [
  'status', 'get sessions', 'get nets', 'get nets -o wide', 'get places evil', 'get transitions evil', 'get tokens evil/n/a', 'get tokens evil/n/a -o wide', 'get firings evil', 'get effects', 'get failed evil',
  'get failed evil -o wide', 'get executors', 'get executors -o wide', 'get proposals', 'get revisions', 'get events evil', 'get events evil -o wide', 'describe evil', 'describe evil/n', 'describe evil/n/a', 'describe evil/n/b',
  'describe evil/n/fail', 'describe evil/n/work', 'describe proposal 1', 'describe proposal 2', 'describe proposal 3', 'log', 'events evil', 'replay evil', 'replay evil/n', 'verify evil', 'cost', 'diff main',
  'merge 2', 'merge 3', 'token list', 'get tokens evil/n/a -o json', 'get failed evil -o yaml', 'get proposals -o json', 'describe evil/n -o yaml', 'events evil -o json', 'retry evil --all', 'stop evil/n/work', 'get tokens evil/n/_failed',
]
const name = (code: string): string => `U+${code.charCodeAt(0).toString(16).padStart(4, '0')}`

test.concurrent.each(READ)('agenticos %s', async (typed) => {
  const { out, err, code } = await river.cli(...typed.split(' '))
  expect(code === 0 || err !== '').toBe(true)
  expect([...new Set(`${out}${err}`.match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g) ?? [])].map(name)).toEqual([])
})

test('what is asked for as JSON is the very value, escapes or not', async () => {
  const { out } = await river.cli('get', 'tokens', 'evil/n/a', '-o', 'json')
  expect((JSON.parse(out) as { items: { data: unknown }[] }).items[0]?.data).toEqual({ [EVIL]: EVIL, t: EVIL })
})
