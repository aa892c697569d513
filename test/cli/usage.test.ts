import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS } from '../../cli/commands.js'
import { cli } from '../support/cli.js'
import { netText, until } from '../support/merge-net.js'

const NET = `places:\n  inbox: {category: task}\n  done: {category: task}\ntransitions:\n  move: {kind: pass, in: {x: inbox}, out: {done: {}}}\n`
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agenticos-cli-'))
  await mkdir(join(folder, 'nets/demo'), { recursive: true })
  await mkdir(join(folder, 'other'))
  await mkdir(join(folder, 'empty'))
  await mkdir(join(folder, 'watched'))
  await writeFile(join(folder, 'watched/mail.yaml'), netText('mail', NET))
  await writeFile(join(folder, 'nets/demo/mail.yaml'), netText('mail', NET))
  await writeFile(join(folder, 'other/mail.yaml'), netText('mail', NET.replace('done: {category: task}', 'done: {category: task, capacity: 5}')))
  await writeFile(join(folder, 'bad.yaml'), netText('bad', NET.replace('x: inbox', 'x: inbx')))
  await writeFile(join(folder, 'broken.yaml'), 'kind: [')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('bad usage', () => {
  const rows: [string[], RegExp, RegExp][] = [
    [['gte'], /unknown command 'gte'/, /get/],
    [['get'], /missing required argument 'kind'/, /help/],
    [['get', 'netz'], /no kind netz/, /agenticos get nets/],
    [['get', 'nets', 'Demo'], /no name/, /SESSION/],
    [['get', 'nets', 'a/b/c'], /3 parts/, /SESSION or SESSION\/NET/],
    [['get', 'tokens'], /needs the place/, /get tokens SESSION\/NET\/PLACE/],
    [['get', 'nets', '--where', '$.a'], /takes no --where/, /help get/],
    [['get', 'nets', '--limit', 'x'], /--limit/, /--limit 10/],
    [['get', 'nets', '--outptu', 'json'], /unknown option '--outptu'/, /--output/],
    [['get', 'nets', '-o', 'xml'], /Allowed choices are table, wide, json, yaml, name/, /./],
    [['get', 'nets', 'a', 'b'], /too many arguments/, /./],
    [['put', 'demo/mail'], /2 parts/, /SESSION\/NET\/PLACE/],
    [['put', 'demo/mail/inbox'], /no token to put/, /agenticos put demo\/mail\/inbox/],
    [['put', 'demo/mail/inbox', '{'], /cannot be a token/, /./],
    [['put', 'demo/mail/inbox', '{"a":1,"a":2}'], /stands twice/, /./],
    [['put', 'demo/mail/inbox', '{}', '-f', 'x'], /given twice/, /./],
    [['put', 'demo/mail/inbox', '{}', '--lines'], /JSON was given too/, /--lines -f FILE/],
    [['move', 'demo/mail/inbox', 'done'], /no tokens are named/, /--all/],
    [['move', 'demo/mail/inbox', 'other/mail/done', '1-0'], /another session/, /./],
    [['move', 'demo/mail/inbox', 'done', 'x'], /no token id/, /1234-0/],
    [['stop'], /nothing was named/, /--all/],
    [['stop', 'demo', '--all'], /a name and --all/, /./],
    [['retry', 'demo'], /which dead letters/, /--all/],
    [['wait', 'demo'], /what is waited for/, /--quiet/],
    [['wait', 'demo', '--quiet', '--ready'], /cannot be used with/, /./],
    [['wait', 'demo', '--quiet', '--timeout', 'soon'], /must be a span/, /30s/],
    [['merge', 'x'], /no proposal/, /get proposals/],
    [['replay', 'demo', '--at', 'noon'], /no event number and no time/, /--at 1234/],
    [['convert', 'x.yaml'], /required option '--to <form>'/, /./],
    [['convert', 'nowhere.yaml', '--to', 'pnml'], /cannot be read/, /./],
    [['doctor', 'nowhere'], /no nowhere/, /./],
    [['doctor', 'empty'], /no net files/, /nets\/<session>/],
    [['diff', 'nowhere'], /no nowhere/, /./],
    [['propose'], /a folder or file, or --branch/, /propose DIR/],
    [['token', 'create', 'x'], /needs a scope/, /--scope read/],
    [['token', 'create', 'x', '--scope', 'raed'], /no scope raed/, /--scope read/],
    [['token', 'creat'], /unknown command 'creat'/, /create/],
    [['completion', 'fish'], /Allowed choices are bash, zsh/, /./],
    [['executor', 'revok'], /takes flags/, /./],
    [['--server', 'ftp://x', 'status'], /no address of a server/, /http:/],
    [['--server', 'http://u:p@x', 'status'], /carries a user/, /AGENTICOS_TOKEN/],
  ]
  for (const [args, problem, next] of rows) {
    it(`${args.join(' ')} is told with what to type, and exits 2`, async () => {
      const ran = await cli(args, { cwd: folder })
      expect(ran.err).toMatch(/^error: .+\ntry: {3}.+/)
      expect(ran.err.split('\n')[0]).toMatch(problem)
      expect(ran.err.split('\n')[1]).toMatch(next)
      expect([ran.code, ran.out]).toEqual([2, ''])
    })
  }

  it('prints help on stdout and exits 0', async () => {
    for (const args of [[], ['help'], ['--help'], ['get', '--help'], ['help', 'get'], ['token', 'create', '-h']]) {
      const ran = await cli(args)
      expect([args, ran.code, ran.err]).toEqual([args, 0, ''])
      expect(ran.out).toContain('Usage: agenticos')
    }
    expect((await cli(['--version'])).out).toBe('0.0.0-test\n')
    expect((await cli(['help'])).out).toContain('Exit codes: 0 done, 1 failed, 2 findings or bad usage')
  })

  it('knows no server, and says how to get one', async () => {
    const ran = await cli(['status'], { cwd: folder })
    expect([ran.code, ran.err]).toEqual([1, expect.stringMatching(/no server is known[^]*agenticos up/) as unknown])
    const gone = await cli(['status'], { cwd: folder, env: { AGENTICOS_SERVER: 'http://127.0.0.1:9' } })
    expect([gone.code, gone.err]).toEqual([1, expect.stringMatching(/no answer from http:\/\/127\.0\.0\.1:9[^]*AGENTICOS_SERVER/) as unknown])
  })

  it('sends the token of this machine to the server of this machine alone', async () => {
    await mkdir(join(folder, '.agenticos'))
    await writeFile(join(folder, '.agenticos/server.json'), '{"url":"http://127.0.0.1:9"}')
    await writeFile(join(folder, '.agenticos/admin-token'), 'ant_x_secret\n')
    const { createShell } = await import('../../cli/shell.js')
    const streams = { out: process.stdout, err: process.stderr, input: process.stdin, signal: new AbortController().signal, version: '0' }
    const at = (env: Record<string, string>, asked = {}) => {
      const shell = createShell({ ...streams, env, cwd: join(folder, 'nets/demo') })
      Object.assign(shell.asked, asked)
      const { server, token } = shell.connection()
      return [server, token]
    }
    expect(at({})).toEqual(['http://127.0.0.1:9', 'ant_x_secret'])
    expect(at({ AGENTICOS_SERVER: 'http://127.0.0.1:9/' })).toEqual(['http://127.0.0.1:9', 'ant_x_secret'])
    expect(at({ AGENTICOS_SERVER: 'http://elsewhere:9' })).toEqual(['http://elsewhere:9', undefined])
    expect(at({ AGENTICOS_TOKEN: 't' })).toEqual(['http://127.0.0.1:9', 't'])
    expect(at({ AGENTICOS_TOKEN: 't' }, { token: 'flag', server: 'https://x/base/' })).toEqual(['https://x/base', 'flag'])
    await rm(join(folder, '.agenticos'), { recursive: true })
  })
})

describe('local files', () => {
  it('are checked: clean exits 0, errors exit 2, each with file and line as an editor opens it', async () => {
    const clean = await cli(['doctor', '.'], { cwd: folder })
    expect([clean.code, clean.out]).toEqual([0, '. (1 file): clean\n'])
    const bad = await cli(['doctor', 'bad.yaml', '--session', 'demo'], { cwd: folder })
    expect(bad.code).toBe(2)
    expect(bad.out).toMatch(/^bad\.yaml:\d+:\d+ error .*inbx.* \[dangling-arc\]\n {4}.+/m)
    const json = await cli(['doctor', 'bad.yaml', '--session', 'demo', '-o', 'json'], { cwd: folder })
    expect((JSON.parse(json.out) as { findings: { code: string }[] }).findings.map((one) => one.code)).toContain('dangling-arc')
    expect((await cli(['doctor', 'broken.yaml', '--session', 'demo'], { cwd: folder })).code).toBe(2)
  })

  it('are converted both ways, and a file that is there is kept', async () => {
    const pnml = await cli(['convert', 'nets/demo/mail.yaml', '--to', 'pnml', '--out', 'mail.pnml'], { cwd: folder })
    expect([pnml.code, pnml.out]).toEqual([0, 'mail.pnml written\n'])
    const back = await cli(['convert', 'mail.pnml', '--to', 'yaml'], { cwd: folder })
    expect(back.out).toContain('kind: Net')
    const again = await cli(['convert', 'nets/demo/mail.yaml', '--to', 'pnml', '--out', 'mail.pnml'], { cwd: folder })
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('--force') as unknown])
    await writeFile(join(folder, 'mail.pnml'), 'x')
    expect((await cli(['convert', 'nets/demo/mail.yaml', '--to', 'pnml', '--out', 'mail.pnml', '--force'], { cwd: folder })).code).toBe(0)
    expect(await readFile(join(folder, 'mail.pnml'), 'utf8')).toContain('<pnml')
    expect((await cli(['convert', 'broken.yaml', '--to', 'pnml'], { cwd: folder })).code).toBe(2)
  })

  it('are compared by meaning', async () => {
    const same = await cli(['diff', 'nets/demo', 'nets/demo', '--exit-code'], { cwd: folder })
    expect([same.code, same.out]).toEqual([0, 'No changes.\n'])
    const other = await cli(['diff', 'nets/demo', 'other', '--exit-code'], { cwd: folder })
    expect(other.code).toBe(1)
    expect(other.out).toContain('capacity: 5')
    expect((await cli(['diff', 'nets/demo', 'other'], { cwd: folder })).code).toBe(0)
  })

  it('are watched: each save shows what it means, an error does not end it, Ctrl-C does', async () => {
    const stop = new AbortController()
    let [out, err] = ['', '']
    const watching = cli(['dev', 'watched'], { cwd: folder, signal: stop.signal, onOut: (text) => { out = text }, onErr: (text) => { err = text } })
    await until(() => Promise.resolve(err.includes('watching')))
    expect(out).toMatch(/net watched\/mail[^]*clean\n$/)
    await writeFile(join(folder, 'watched/mail.yaml'), netText('mail', NET.replace('done: {category: task}', 'done: {category: task, capacity: 7}')))
    await until(() => Promise.resolve(/capacity: 7[^]*clean\n$/.test(out)))
    await writeFile(join(folder, 'watched/mail.yaml'), netText('mail', NET.replace('x: inbox', 'x: inbx')))
    await until(() => Promise.resolve(/dangling-arc[^]*1 error[^\n]*\n$/.test(out)))
    await writeFile(join(folder, 'watched/mail.yaml'), netText('mail', NET))
    await until(() => Promise.resolve(/1 error[^]*capacity: 7[^]*clean\n$/.test(out)))
    stop.abort()
    expect((await watching).code).toBe(0)
  })

  it('are watched: once', async () => {
    const once = await cli(['dev', '.', '--once'], { cwd: folder })
    expect([once.code, once.out]).toEqual([0, expect.stringMatching(/net demo\/mail[^]*clean\n$/) as unknown])
  })
})

describe('looks', () => {
  it('has colour on a terminal, and not with NO_COLOR, a dumb terminal or a pipe', async () => {
    const run = (columns: number | undefined, env: Record<string, string>) => cli(['doctor', '.'], { cwd: folder, env, ...(columns === undefined ? {} : { columns }) })
    expect((await run(80, {})).out).toContain('\u001b[32m')
    for (const [columns, env] of [[80, { NO_COLOR: '1' }], [80, { TERM: 'dumb' }], [undefined, {}]] as const) expect((await run(columns, env)).out).not.toContain('\u001b')
  })

  it('completes commands, options and kinds', async () => {
    const bash = (await cli(['completion', 'bash'])).out
    for (const word of ['get', 'status', '--follow', 'transitions', 'revoke']) expect(bash).toContain(word)
    expect((await cli(['completion', 'zsh'])).out).toContain('#compdef agenticos')
  })

  it('has every command in help', async () => {
    const { out } = await cli(['help'])
    expect(COMMANDS.length).toBeGreaterThan(30)
    for (const add of COMMANDS) expect(out).toContain(`  ${add.name}`)
  })
})
