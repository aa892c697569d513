import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { testApi, type TestApi } from '../support/api.js'
import { cli, type Ran } from '../support/cli.js'
import { netText, until } from '../support/merge-net.js'

const NET = `title: Letters
places:
  inbox: {category: task, schema: {type: object, required: [text]}}
  done: {category: task}
  spare: {category: learning}
  odd: {category: task}
transitions:
  move: {kind: pass, in: {x: inbox}, out: {done: {}}}
  fails: {kind: map, in: {x: odd}, do: {template: '\${x.missing}'}, out: {done: {}}}
`
let api: TestApi
let folder: string
let env: Record<string, string>
const ag = (...args: string[]): Promise<Ran> => cli(args, { cwd: folder, env })
const ok = async (...args: string[]): Promise<string> => {
  const ran = await ag(...args)
  expect([args.join(' '), ran.code, ran.err]).toEqual([args.join(' '), 0, ran.err])
  return ran.out
}

beforeAll(async () => {
  api = await testApi({ whole: true })
  folder = await mkdtemp(join(tmpdir(), 'agenticos-river-'))
  env = { AGENTICOS_SERVER: api.url, AGENTICOS_TOKEN: api.admin }
  await mkdir(join(folder, 'nets/demo'), { recursive: true })
  await writeFile(join(folder, 'nets/demo/mail.yaml'), netText('mail', '').replace('{name: mail}', '{name: mail, title: Letters}') + NET.replace('title: Letters\n', ''))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('from a file to an event', () => {
  it('proposes, shows, merges and waits', async () => {
    expect(await ok('get', 'nets')).toBe('')
    expect((await ag('get', 'nets')).err).toContain('no nets')
    expect(await ok('diff', '.')).toContain('net demo/mail')
    expect(await ok('propose', '.', '-t', 'Letters', '-m', 'People write them.')).toMatch(/^proposal 1 open: Letters\n {2}it can be merged: agenticos merge 1\n/)
    expect(await ok('get', 'proposals')).toMatch(/NUMBER +STATE +MERGEABLE[^]*\n +1 +open +True +admin/)
    expect(await ok('comment', '1', 'looks good')).toBe('proposal 1: 1 comment\n')
    expect(await ok('describe', 'proposal', '1')).toMatch(/By: +admin[^]*People write them\.[^]*net demo\/mail[^]*looks good/)
    expect(await ok('merge', '1', '--wait')).toMatch(/^proposal 1 merged: Letters {2}[0-9a-f]{10} applied\n/)
    expect(await ok('wait', 'proposal', '1', '--merged')).toBe('proposal 1: merged and applied\n')
    expect(await ok('wait', 'demo/mail', '--ready')).toBe('demo/mail: ready\n')
    expect(await ok('log', '--oneline')).toMatch(/^[0-9a-f]{10} \* Letters/)
    expect(await ok('log')).toMatch(/^commit [0-9a-f]{40} \(current\)/)
    expect(await ok('diff', '.')).toBe('No changes.\n')
    expect(await ok('diff', '1')).toContain('net demo/mail')
    expect((await ag('propose', '.')).code).toBe(1)
  })

  it('puts tokens, one and many', async () => {
    expect(await ok('put', 'demo/mail/inbox', '{"text":"hello"}')).toMatch(/^demo\/mail\/inbox\/\d+-0 put\n$/)
    expect((await cli(['put', 'demo/mail/inbox'], { env, stdin: '{"text":"from stdin"}' })).out).toMatch(/put\n$/)
    await writeFile(join(folder, 'lines.txt'), 'plain line\n{"text":"json"}\n\n{"txt":"misfit"}\n12\n[\n')
    const lines = await ag('put', 'demo/mail/inbox', '--lines', '-f', 'lines.txt')
    expect([lines.code, lines.out]).toEqual([1, 'demo/mail/inbox: 3 put, 2 refused\n'])
    expect(lines.err).toMatch(/^line 4: .+\nline 5: .+\n$/)
    const text = await cli(['put', 'demo/mail/inbox', '--lines', '--text', '-o', 'json'], { env, stdin: '12\n{}\n' })
    expect(JSON.parse(text.out)).toMatchObject({ put: 2, refused: 0, waiting: 0 })
    const twice = async () => (await cli(['put', 'demo/mail/spare', '--lines', '--key', 'k', '-o', 'json'], { env, stdin: Array.from({ length: 2_500 }, (_, n) => `{"n":${n}}`).join('\n') })).code
    expect([await twice(), await twice()]).toEqual([0, 0])
    expect(await ok('wait', 'demo', '--quiet')).toBe('demo: quiet\n')
    const places = JSON.parse(await ok('get', 'places', 'demo', '-o', 'json')) as { items: { name: string; tokens: number }[] }
    expect(Object.fromEntries(places.items.map((item) => [item.name, item.tokens]))).toMatchObject({ spare: 2_500, done: 7, inbox: 0 })
    for (const [args, words] of [[['put', 'demo/mail/inbox', '{"txt":1}'], /does not fit/], [['put', 'demo/mail/inbx', '1'], /no place demo\/mail\/inbx[^]*did you mean demo\/mail\/inbox/]] as const) {
      const refused = await ag(...args)
      expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(words) as unknown])
    }
  })

  it('lists in every format', async () => {
    expect(await ok('get', 'tokens', 'demo/mail/spare', '--where', '$.n >= 2498', '--order', '$.n DESC')).toMatch(/^ID +AGE +BY +STATE +DATA\n\S+ +\S+ +put +free +{"n":2499}\n\S+ +\S+ +put +free +{"n":2498}\n$/)
    expect((await ok('get', 'tokens', 'demo/mail/spare', '-o', 'name', '--limit', '1200')).trim().split('\n')).toHaveLength(1_200)
    const many = await ag('get', 'tokens', 'demo/mail/spare')
    expect([many.out.trim().split('\n').length, many.err]).toEqual([101, expect.stringContaining('--limit N shows more') as unknown])
    expect(parse(await ok('get', 'tokens', 'demo/mail/spare', '--limit', '1', '-o', 'yaml'))).toMatchObject({ items: [{ data: { n: 0 } }] })
    expect(await ok('get', 'nets', '-o', 'name')).toBe('demo/mail\n')
    expect(await ok('get', 'nets', 'demo/mail', '-o', 'wide')).toMatch(/NAME +READY +STATE +PLACES +TRANSITIONS/)
    for (const kind of ['sessions', 'nets', 'places', 'transitions', 'firings', 'effects', 'failed', 'poison', 'executors', 'proposals', 'revisions']) {
      for (const format of ['table', 'wide', 'json', 'yaml', 'name']) expect([kind, format, (await ag('get', kind, '-o', format)).code]).toEqual([kind, format, 0])
    }
    expect(await ok('get', 'net', 'demo')).toContain('demo/mail')
    expect(await ok('get', 'events', 'demo/mail', '--type', 'transition.fired', '--limit', '2')).toMatch(/^EVENT +AGE +TYPE +OBJECT +WHAT\n( *\d+ +\S+ +transition\.fired +mail\/move +took .*\n){2}/)
    expect(await ok('get', 'firings', 'demo/mail/move', '--limit', '1')).toMatch(/demo\/mail\/move +fired +1 +1/)
    expect(await ok('status')).toMatch(/revision +Ready[^]*running +1 session, 1 net, 2507 tokens/)
    expect(await ok('token', 'whoami')).toBe('admin: admin on *\n')
  })

  it('describes each kind of thing', async () => {
    expect(await ok('describe', 'demo')).toMatch(/Session: +demo[^]*Conditions[^]*Ready +True[^]*Nets[^]*demo\/mail[^]*Events/)
    expect(await ok('describe', 'demo/mail')).toMatch(/Net: +demo\/mail\nTitle: +Letters[^]*Places[^]*Transitions[^]*Firings/)
    expect(await ok('describe', 'net', 'demo/mail')).toMatch(/Net: +demo\/mail/)
    expect(await ok('describe', 'demo/mail/move')).toMatch(/Transition: +demo\/mail\/move[^]*Fired: +7 times[^]*Inscription\n {2}kind: pass\n {2}in:\n {4}x: inbox\n {2}out:\n {4}done: {}/)
    expect(await ok('describe', 'demo/mail/inbox')).toMatch(/Place: +demo\/mail\/inbox[^]*Schema: +.*text[^]*Taken by: +move/)
    const id = (await ok('get', 'tokens', 'demo/mail/spare', '--limit', '1', '-o', 'name')).trim().split('/').at(-1)!
    expect(await ok('describe', `demo/${id}`)).toMatch(/Token: +demo\/\d+-\d+[^]*"n": 0/)
    expect((await ag('describe', 'demo/mail/nothing')).err).toContain('neither a place nor a transition')
  })

  it('moves, removes, stops, fires and starts', async () => {
    expect(await ok('move', 'demo/mail/spare', 'done', '--where', '$.n < 3')).toMatch(/^3 tokens moved to demo\/mail\/done/)
    expect(await ok('remove', 'demo/mail/spare', '--where', '$.n < 1500')).toMatch(/^1000 tokens removed from demo\/mail\/spare.*\n497 tokens removed/)
    expect(await ok('stop', 'demo/mail/move', '--reason', 'a while')).toMatch(/^demo\/mail\/move stopped: nothing of it fires any more\n$/)
    await ok('put', 'demo/mail/inbox', '{"text":"waits"}')
    expect(await ok('get', 'transitions', 'demo/mail/move')).toMatch(/stopped[^]*demo\/mail\/move stopped by admin: a while/)
    expect(await ok('fire', 'demo/mail/move')).toMatch(/^demo\/mail\/move fired/)
    const nothing = await ag('fire', 'demo/mail/move')
    expect([nothing.code, nothing.err]).toEqual([1, expect.stringMatching(/^error: .+\ntry: .+/) as unknown])
    expect(await ok('start', 'demo/mail/move')).toBe('demo/mail/move started\n')
    expect(await ok('stop', '--all')).toMatch(/^everything \(1 session\) stopped/)
    expect(await ok('start', '--all')).toMatch(/started/)
  })

  it('retries and drops dead letters', async () => {
    await cli(['put', 'demo/mail/odd', '--lines'], { env, stdin: '{"a":1}\n{"a":2}\n{"a":3}\n' })
    await until(async () => (await ok('get', 'failed', 'demo', '-o', 'name')).trim().split('\n').length === 3)
    expect(await ok('get', 'failed')).toMatch(/ID +TRANSITION +CODE +ATTEMPTS +AGE +MESSAGE\ndemo\/\d+-\d+ +mail\/fails/)
    const [first] = (await ok('get', 'failed', 'demo', '-o', 'name')).split('\n')
    expect(await ok('retry', first!)).toMatch(/put back/)
    await until(async () => (await ok('get', 'failed', 'demo', '-o', 'name')).trim().split('\n').length === 3)
    expect(await ok('drop', 'demo/mail/fails', '--all')).toMatch(/^(demo\/\S+ dropped.*\n){3}$/)
    expect((await ag('drop', 'demo', '--all')).err).toContain('no dead letters there')
    expect((await ag('drop', first!)).code).toBe(1)
  })

  it('replays and verifies', async () => {
    expect(await ok('replay', 'demo/mail', '--at', '3')).toMatch(/^demo\/mail after event 3 \(20\S+\), folded from 3 events\n/)
    expect(await ok('replay', 'demo')).toMatch(/mail\/done {2}\d+ tokens\n/)
    expect(await ok('verify')).toMatch(/^demo: clean {2}\d+ events in \d+ segments, \d+ tokens\n$/)
    expect(await ok('cost')).toMatch(/demo\/mail\/move +8 +0 +-\n[^]*total \$0/)
    expect((await ag('replay', 'demo', '--at', '999999')).code).toBe(1)
  })

  it('follows events and goes on when the line is cut', async () => {
    const stop = new AbortController()
    let seen = ''
    const following = cli(['events', 'demo', '--follow', '--after', '0', '-o', 'name'], { env, signal: stop.signal, onOut: (text) => { seen = text } })
    await until(() => Promise.resolve(seen.includes('demo/1\n')))
    api.app.server.closeAllConnections()
    await ok('put', 'demo/mail/inbox', '{"text":"after the cut"}')
    const { items } = JSON.parse(await ok('get', 'events', 'demo', '--limit', '1', '-o', 'json')) as { items: { n: number }[] }
    await until(() => Promise.resolve(seen.includes(`demo/${items[0]!.n}\n`)))
    stop.abort()
    expect((await following).code).toBe(0)
    const numbers = seen.trim().split('\n').map((line) => Number(line.split('/')[1]))
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
  })

  it('watches a list until it is ended', async () => {
    const stop = new AbortController()
    let seen = ''
    const watching = cli(['get', 'places', 'demo/mail/inbox', '--watch', '-o', 'name'], { env, signal: stop.signal, onOut: (text) => { seen = text } })
    await until(() => Promise.resolve(seen === 'demo/mail/inbox\n'))
    await ok('stop', 'demo')
    await ok('put', 'demo/mail/inbox', '{"text":"seen"}')
    await until(() => Promise.resolve(seen === 'demo/mail/inbox\ndemo/mail/inbox\n'))
    await ok('start', 'demo')
    stop.abort()
    expect((await watching).code).toBe(0)
  })

  it('makes, lists and revokes tokens', async () => {
    const made = await ag('token', 'create', 'ci', '--scope', 'read,put', '--session', 'demo', '--expires', '7d')
    expect(made.out).toMatch(/^ant_[a-z0-9]+_\S{43}\n$/)
    const as = { AGENTICOS_SERVER: api.url, AGENTICOS_TOKEN: made.out.trim() }
    expect((await cli(['token', 'whoami'], { env: as })).out).toBe('ci: read, put on demo\n')
    const refused = await cli(['stop', 'demo'], { env: as })
    expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/lacks the scope operate[^]*token create/) as unknown])
    expect(await ok('token', 'list')).toMatch(/ci +api +read,put +demo +- +valid/)
    const id = made.out.split('_')[1]!
    expect(await ok('token', 'revoke', id)).toBe(`token ${id} (ci) revoked\n`)
    expect((await cli(['status'], { env: as })).err).toMatch(/was revoked/)
    expect((await cli(['status'], { env: { AGENTICOS_SERVER: api.url } })).err).toMatch(/no access token[^]*AGENTICOS_TOKEN/)
  })

  it('reverts, closes, and runs a scratch session', async () => {
    expect(await ok('revert', '1', '-m', 'enough')).toMatch(/^proposal 2 open: /)
    expect(await ok('close', '2', '-m', 'no')).toMatch(/^proposal 2 closed: /)
    const applied = await ok('dev', 'nets/demo', '--apply', '--once', '--keep', '--name', 'try')
    expect(applied).toContain('runs in session scratch-try')
    expect(await ok('wait', 'scratch-try/mail', '--ready')).toBe('scratch-try/mail: ready\n')
    const bad = join(folder, 'nets/demo/bad.yaml')
    await writeFile(bad, netText('bad', NET.replace('title: Letters\n', '').replace('x: inbox', 'x: inbx')))
    const opened = await ag('propose', '.', '-t', 'A slip')
    expect(opened.out).toMatch(/^proposal 3 open: A slip\n {2}not yet: [^]*dangling-arc/)
    const merged = await ag('merge', '3')
    expect([merged.code, merged.err]).toEqual([2, expect.stringMatching(/^error: [^]*dangling-arc/) as unknown])
    await rm(bad)
  })
})

describe('data on a terminal', () => {
  it('cannot send control sequences, and long lines are cut', async () => {
    await ok('put', 'demo/mail/spare', JSON.stringify({ evil: '\u001b[2J\u009b31m\u202e', long: 'x'.repeat(500) }))
    const shown = await cli(['get', 'tokens', 'demo/mail/spare', '--where', 'EXISTS $.evil'], { env, columns: 100 })
    expect(shown.out.replace(/\u001b\[\d+m/g, '')).not.toMatch(/[\u001b\u009b\u202e]/)
    for (const line of shown.out.trim().split('\n')) expect(line.replace(/\u001b\[\d+m/g, '').length).toBeLessThanOrEqual(100)
  })
})
