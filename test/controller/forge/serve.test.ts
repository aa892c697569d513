import { randomBytes } from 'node:crypto'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ada, bob, merged, net, session, testForge, type TestForge } from '../../support/forge.js'

let made: TestForge
let url = ''
let home = ''
const server = createServer((request, response) => {
  if (!request.headers.authorization) return void response.writeHead(401, { 'www-authenticate': 'Basic realm="nets"' }).end()
  const [path = '', query = ''] = (request.url ?? '').replace(/^\/git\/nets\.git/, '').split('?')
  const user = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString().split(':')[0]
  void made.forge.serve({ request, response, path, service: new URLSearchParams(query).get('service') ?? undefined, by: ada, mayFetch: user !== 'nobody', mayPush: user === 'ada' })
})

beforeAll(async () => {
  made = await testForge({ 'nets/demo/session.yaml': session('demo'), 'nets/demo/sort.yaml': net('sort') })
  home = await mkdtemp(join(tmpdir(), 'agenticos-client-'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://ada:x@127.0.0.1:${(server.address() as { port: number }).port}/git/nets.git`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(home, { recursive: true, force: true })
})

/** The git that people use: its exit code and all that it says. */
function client(dir: string, ...args: string[]): Promise<{ code: number; said: string }> {
  const env = { PATH: process.env['PATH'], HOME: home, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' }
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'http.postBuffer=70000']
  return new Promise((resolve) => {
    execFile('git', [...identity, ...args], { cwd: dir, env }, (error, out, err) => resolve({ code: error ? Number(error.code) : 0, said: `${out}${err}` }))
  })
}

async function cloned(name: string): Promise<string> {
  const dir = join(home, name)
  expect(await client(home, 'clone', '--quiet', url, dir)).toMatchObject({ code: 0 })
  return dir
}

async function committed(dir: string, file: string, content: string): Promise<void> {
  await mkdir(join(dir, file, '..'), { recursive: true })
  await writeFile(join(dir, file), content)
  await client(dir, 'add', '.')
  expect(await client(dir, 'commit', '-q', '-m', `Change ${file}`)).toMatchObject({ code: 0 })
}

describe('a git client', () => {
  it('clones, fetches what was merged, and fetches all refs of proposals', async () => {
    const dir = await cloned('reader')
    const commit = await merged(made.forge, 'Add two', { 'nets/demo/two.yaml': net('two') })
    expect(await client(dir, 'pull', '--quiet')).toMatchObject({ code: 0 })
    expect((await client(dir, 'rev-parse', 'HEAD')).said.trim()).toBe(commit)
    expect((await client(dir, 'log', '-1', '--format=%(trailers:key=Approved-by)')).said.trim()).toBe('Approved-by: bob')
    expect(await client(dir, 'fetch', '--quiet', 'origin', '+refs/proposals/*:refs/proposals/*')).toMatchObject({ code: 0 })
    expect((await client(dir, 'show', 'refs/proposals/1/meta:proposal.json')).said).toContain('"state": "merged"')
  })

  it.each(['0', '1', '2'])('clones by protocol version %s, and shallow', async (version) => {
    const dir = join(home, `v${version}`)
    expect(await client(home, '-c', `protocol.version=${version}`, 'clone', '--quiet', '--depth=1', url, dir)).toMatchObject({ code: 0 })
    expect((await client(dir, 'rev-list', '--count', 'HEAD')).said.trim()).toBe('1')
  })

  it('pushes a branch, is told how to propose it, and moves the proposal along by pushing again', async () => {
    const dir = await cloned('writer')
    // Too large for one request with a length: git sends it in chunks, after a probe.
    await committed(dir, 'data.bin', randomBytes(300_000).toString('base64'))
    await committed(dir, 'nets/demo/three.yaml', net('three'))
    const first = await client(dir, 'push', 'origin', 'HEAD:add-three')
    expect(first).toMatchObject({ code: 0 })
    expect(first.said).toContain('remote: To propose it: agenticos propose --branch add-three')
    const { number, head } = await made.forge.proposals.open({ title: 'Three', body: '', from: { branch: 'add-three' } }, ada)
    await committed(dir, 'nets/demo/three.yaml', net('three', { threshold: 8 }))
    const second = await client(dir, 'push', 'origin', 'HEAD:add-three')
    expect(second.said).toContain(`remote: Proposal ${number} moved along: agenticos describe proposal ${number}`)
    const now = await made.forge.proposals.read(number)
    expect(now.head).not.toBe(head)
    expect(now.head).toBe((await client(dir, 'rev-parse', 'HEAD')).said.trim())
    expect(await made.forge.proposals.merge(number, bob)).toMatchObject({ state: 'merged' })
  })

  it('is told how to propose when it pushes to main, and main stays as it is', async () => {
    const dir = await cloned('pusher')
    const before = await made.forge.main()
    await committed(dir, 'nets/demo/four.yaml', net('four'))
    for (const args of [['HEAD:main'], ['--force', 'HEAD:main'], [':main'], ['HEAD:ok', 'HEAD:main']]) {
      const { code, said } = await client(dir, 'push', 'origin', ...args)
      expect(code).toBe(1)
      expect(said).toContain('remote: main changes by a merged proposal only. To propose this: git push origin HEAD:my-change, then: agenticos propose --branch my-change')
      expect(said).toContain('refused')
    }
    expect(await made.forge.main()).toBe(before)
    await expect(made.forge.resolve('ok')).rejects.toMatchObject({ code: 'not-found' })
  })

  it.each(['refs/heads/Main', 'refs/proposals/1/head', 'refs/proposals/1/meta', 'refs/proposals/99/head', 'refs/audit/demo', 'refs/scratch/mine', 'refs/heads/drafts', 'refs/heads/drafts/demo/talk-1', 'refs/heads/Drafts/demo/talk-1', 'refs/tags/v1', 'refs/replace/x', 'refs/notes/x'])('cannot push to %s', async (ref) => {
    const dir = await cloned(`other-${ref.replaceAll('/', '-')}`)
    const refs = await made.git.text(['for-each-ref'])
    const { code, said } = await client(dir, 'push', '--force', 'origin', `HEAD:${ref}`)
    expect(code).toBe(1)
    expect(said).toMatch(/remote: (main changes by|proposals are written|the audit record is written|scratch sessions are written|drafts are written|only branches are pushed)/)
    expect(await made.git.text(['for-each-ref'])).toBe(refs)
  })

  it('that may only read is told which scope it lacks', async () => {
    const dir = await cloned('limited')
    await client(dir, 'remote', 'set-url', 'origin', url.replace('ada:x', 'guest:x'))
    const { code, said } = await client(dir, 'push', 'origin', 'HEAD:mine')
    expect(code).not.toBe(0)
    expect(said).toContain('This token may not push. Ask for one with the scope propose')
    await client(dir, 'remote', 'set-url', 'origin', url.replace('ada:x', 'nobody:x'))
    expect((await client(dir, 'fetch', 'origin')).said).toContain('This token may not read.')
  })

  it('that sends objects which are broken is refused by git’s own check', async () => {
    const dir = await cloned('broken')
    const tree = (await client(dir, 'rev-parse', 'HEAD^{tree}')).said.trim()
    await writeFile(join(home, 'raw'), `tree ${tree}\nauthor x <x> 0 +0000\n\nno committer\n`)
    const commit = (await client(dir, 'hash-object', '-t', 'commit', '-w', '--literally', join(home, 'raw'))).said.trim()
    const { code, said } = await client(dir, 'push', 'origin', `${commit}:refs/heads/broken`)
    expect(code).not.toBe(0)
    expect(said).toMatch(/missingCommitter|missingCommitterEmail|unpacker error|index-pack/)
  })
})

describe('a request that is none of git’s', () => {
  const ask = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${url.replace('ada:x@', '')}${path}`, { ...init, headers: { authorization: `Basic ${btoa('ada:x')}`, ...init.headers } })
  const push = { 'content-type': 'application/x-git-receive-pack-request' }
  const NONE = '0'.repeat(40)
  const packet = (text: string): string => (text.length + 4).toString(16).padStart(4, '0') + text

  it.each([
    ['/HEAD', {}, 404], ['/objects/info/packs', {}, 404], ['/info/refs', {}, 404], ['/info/refs?service=git-upload-archive', {}, 404], ['/git-upload-pack', {}, 405],
    ['/info/refs?service=git-upload-pack', { method: 'POST' }, 405], ['/git-upload-pack', { method: 'POST', body: 'x' }, 415], ['/config', {}, 404], ['/../nets.git/config', {}, 404],
  ])('%s is answered with a sentence', async (path, init, status) => {
    const answer = await ask(path, init)
    expect(answer.status).toBe(status)
    expect(await answer.text()).toMatch(/^\S.+\.\n$/)
  })

  it.each(['zzzz', '0003', packet('hello\n') + '0000', '00', `${packet(`${NONE} ${NONE} x`).slice(0, 20)}`, '', packet('push-cert\0x\n') + '0000'])('a push of %j is refused', async (body) => {
    expect((await ask('/git-receive-pack', { method: 'POST', body, headers: push })).status).toBe(400)
  })

  it('a gzip bomb is refused at its unpacked size, and an unknown encoding by name', async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024))
    const answer = await ask('/git-upload-pack', { method: 'POST', body: bomb, headers: { 'content-type': 'application/x-git-upload-pack-request', 'content-encoding': 'gzip' } })
    expect(answer.status).toBe(413)
    const packed = await ask('/git-receive-pack', { method: 'POST', body: 'x', headers: { ...push, 'content-encoding': 'br' } })
    expect(await packed.text()).toBe('A body in br is not read here; send it plain or as gzip.\n')
  })

  it('commands packed by gzip are judged like plain ones', async () => {
    const body = gzipSync(Buffer.from(packet(`${NONE} ${await made.forge.main()} refs/audit/x\0 report-status side-band-64k\n`) + '0000'))
    const answer = await ask('/git-receive-pack', { method: 'POST', body, headers: { ...push, 'content-encoding': 'gzip' } })
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('the audit record is written by the controller only.')
  })
})
