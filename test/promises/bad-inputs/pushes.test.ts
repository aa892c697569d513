// Promise G, git: what a git client pushes or asks for, and what it is told. No ref moves that may not, and main only by merges.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { API } from '../../../protocol/api.js'
import { startAttacked, unharmed, type Attacked } from '../../support/attacked.js'
import { run } from '../../support/river.js'

const home = mkdtempSync(join(tmpdir(), 'agenticos-pusher-'))
const work = join(home, 'nets')
let river: Attacked
let main: string
beforeAll(async () => {
  river = await startAttacked()
  expect(await git(home, ['clone', '-q', repository(river.token), work])).toMatchObject({ code: 0 })
  main = (await git(work, ['rev-parse', 'HEAD'])).out.trim()
  await git(work, ['commit', '-q', '--allow-empty', '-m', 'A change that nobody approved'])
})
afterAll(async () => {
  expect((await git(work, ['ls-remote', 'origin', 'refs/heads/main'])).out).toContain(main)
  rmSync(home, { recursive: true })
  await unharmed(river)
})

const repository = (token: string): string => river.url.replace('//', `//me:${token}@`) + '/git/nets.git'

async function git(cwd: string, args: readonly string[]) {
  const env = { PATH: process.env['PATH'], HOME: home, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' }
  return await run('git', ['-c', 'user.name=Me', '-c', 'user.email=me@example.org', ...args], { cwd, env })
}

/** What is said to the person: lines of the server, and git's own verdict on each ref. */
function told(err: string): string {
  const lines = err.split('\n').map((line) => line.trimEnd())
  return lines.filter((line) => /^remote: |^ [!*-] |^fatal: /.test(line)).map((line) => line.replace(/ +/g, ' ').replace(/'http[^']*'/, 'URL')).join(' | ')
}

/** What it is, the refs that are pushed (MAIN is the commit of main), then exit code and what is told. */
const REFS: readonly (readonly [string, string, string])[] = [
  ['main', 'HEAD:main', '1 remote: main changes by a merged proposal only. To propose this: git push origin HEAD:my-change, then: agenticos propose --branch my-change |  ! [remote rejected] HEAD -> main (refused)'],
  ['main by force', '+HEAD:main', '1 remote: main changes by a merged proposal only. To propose this: git push origin HEAD:my-change, then: agenticos propose --branch my-change |  ! [remote rejected] HEAD -> main (refused)'],
  ['main away', ':main', '1 remote: main changes by a merged proposal only. To propose this: git push origin HEAD:my-change, then: agenticos propose --branch my-change |  ! [remote rejected] main (refused)'],
  ['main beside a branch', 'HEAD:ok HEAD:main', '1 remote: main changes by a merged proposal only. To propose this: git push origin HEAD:my-change, then: agenticos propose --branch my-change |  ! [remote rejected] HEAD -> main (refused) |  ! [remote rejected] HEAD -> ok (another ref of this push is refused)'],
  ['Main', 'HEAD:refs/heads/Main', '1 remote: main changes by a merged proposal only. To propose this: git push origin HEAD:my-change, then: agenticos propose --branch my-change |  ! [remote rejected] HEAD -> Main (refused)'],
  ['a proposal', 'HEAD:refs/proposals/1/head', '1 remote: proposals are written by the controller only. Push the branch that was proposed; the proposal moves along. |  ! [remote rejected] HEAD -> refs/proposals/1/head (refused)'],
  ['a proposal that is not there', 'HEAD:refs/proposals/9/meta', '1 remote: proposals are written by the controller only. Push the branch that was proposed; the proposal moves along. |  ! [remote rejected] HEAD -> refs/proposals/9/meta (refused)'],
  ['the audit record', 'HEAD:refs/audit/log', '1 remote: the audit record is written by the controller only. |  ! [remote rejected] HEAD -> refs/audit/log (refused)'],
  ['a draft of an agent', 'HEAD:refs/heads/drafts/demo/talk-1', '1 remote: drafts are written by agents’ tools only, so that what they say of themselves is true. To go on from one: git push origin HEAD:my-change |  ! [remote rejected] HEAD -> drafts/demo/talk-1 (refused)'],
  ['a scratch session', 'HEAD:refs/scratch/mine', '1 remote: scratch sessions are written by the controller only: agenticos dev DIR --apply. |  ! [remote rejected] HEAD -> refs/scratch/mine (refused)'],
  ['a tag', 'HEAD:refs/tags/v1', '1 remote: only branches are pushed here, not "refs/tags/v1". To propose a change: git push origin HEAD:my-change, then: agenticos propose --branch my-change |  ! [remote rejected] HEAD -> v1 (refused)'],
  ['a note', 'HEAD:refs/notes/commits', '1 remote: only branches are pushed here, not "refs/notes/commits". To propose a change: git push origin HEAD:my-change, then: agenticos propose --branch my-change |  ! [remote rejected] HEAD -> refs/notes/commits (refused)'],
  ['a replacement of objects', 'HEAD:refs/replace/MAIN', '1 remote: only branches are pushed here, not "refs/replace/MAIN". To propose a change: git push origin HEAD:my-change, then: agenticos propose --branch my-change |  ! [remote rejected] HEAD -> refs/replace/MAIN (refused)'],
  ['a branch that git itself refuses', 'HEAD:refs/heads/a..b', `128 fatal: invalid refspec 'HEAD:refs/heads/a..b'`],
]

/** What it is, the token in the address, what git does, then exit code and what is told. */
const CALLERS: readonly (readonly [string, string, string, string])[] = [
  ['no token', '', 'ls-remote', '128 fatal: could not read Username for URL: terminal prompts disabled'],
  ['a token that nobody knows', 'ant_x_y', 'ls-remote', '128 remote: the access token is not known here. Give one as password, with any user name: agenticos token create NAME --scope read | fatal: Authentication failed for URL'],
  ['a token that may not read', 'PUTTER', 'ls-remote', '128 remote: This token may not read. Ask for one with the scope read: agenticos token create NAME --scope read. | fatal: unable to access URL: The requested URL returned error: 403'],
  ['a token that may only read, for a push', 'READER', 'push', '128 remote: This token may not push. Ask for one with the scope propose: agenticos token create NAME --scope propose. | fatal: unable to access URL: The requested URL returned error: 403'],
]

/** What it is, the path, what lies there, then the errors with which its proposal is shown, and not merged. */
const FILES: readonly (readonly [string, string, string | Buffer, string])[] = [
  ['Latin-1', 'nets/bad/m.yaml', Buffer.from('kind: Net # caf\xe9\n', 'latin1'), 'error 1:1 bad-encoding: the bytes are not text in the encoding that the file says, or UTF-8 => save it as UTF-8'],
  ['UTF-16 without a mark', 'nets/bad/m.yaml', Buffer.from('kind: Net\n', 'utf16le'), 'error 1:1 yaml-syntax: the file holds U+0000: it is not UTF-8 text => save it as UTF-8'],
  ['an encoding that is none', 'nets/bad/m.pnml', '<?xml version="1.0" encoding="klingon"?><pnml/>', 'error 1:1 bad-encoding: the bytes are not text in the encoding that the file says, or UTF-8 => save it as UTF-8'],
  ['five megabytes', 'nets/bad/m.yaml', `# ${'x'.repeat(5 * 1024 * 1024)}\n`, 'error 1:1 file-too-large: nets/bad/m.yaml has 5242883 bytes; 4194304 are read at most => Split it into several nets, or keep data out of net files.'],
  ['20,001 files', 'nets/many/f19999', '20,001 times', 'error 1:1 too-many-files: there are 20003 files under nets/ and executors/; 20000 are read at most => Keep data out of the net repository.'],
  ['a symbolic link', 'nets/bad/m.yaml', '-> /etc/passwd', 'warning 1:1 not-a-file: nets/bad/m.yaml is a symbolic link and is ignored => Put the file itself there.'],
  ['a file with a line end in its name', 'nets/bad/m\n.yaml', 'x', 'error 1:1 file-name: "m\\n" in "nets/bad/m\\n.yaml" is not a name => Use a lower-case letter, then up to 62 letters, digits or hyphens.'],
]

/** What it is, the request of a client that is no git, the answer. */
const ASKED: readonly (readonly [string, string, RequestInit, string])[] = [
  ['the old protocol', 'GET /git/nets.git/info/refs', {}, '404 This repository speaks git’s smart HTTP protocol alone: git clone this address.\n'],
  ['a file of the repository', 'GET /git/nets.git/HEAD', {}, '404 This repository speaks git’s smart HTTP protocol alone: git clone this address.\n'],
  ['a way out of the repository', 'GET /git/nets.git/%2e%2e/%2e%2e/admin-token', {}, '404 not-found: there is nothing at GET /admin-token => /docs lists every address'],
  ['a service that is none', 'GET /git/nets.git/info/refs?service=git-upload-archive', {}, '404 This repository speaks git’s smart HTTP protocol alone: git clone this address.\n'],
  ['a push of nothing', 'POST /git/nets.git/git-receive-pack', { body: '', headers: { 'content-type': 'application/x-git-receive-pack-request' } }, '400 The push ended before its commands did.\n'],
  ['a push of noise', 'POST /git/nets.git/git-receive-pack', { body: 'hello world', headers: { 'content-type': 'application/x-git-receive-pack-request' } }, '400 This is not a push that is understood here.\n'],
  ['a push of another kind', 'POST /git/nets.git/git-receive-pack', { body: '0000', headers: { 'content-type': 'application/json' } }, '415 Send application/x-git-receive-pack-request.\n'],
  ['a body in a packing that is not read', 'POST /git/nets.git/git-receive-pack', { body: '0000', headers: { 'content-type': 'application/x-git-receive-pack-request', 'content-encoding': 'br' } }, '400 A body in br is not read here; send it plain or as gzip.\n'],
]

describe('a ref that may not be pushed', () => {
  test.each(REFS)('%s | %s', async (_, refs, expected) => {
    const before = (await git(work, ['ls-remote', 'origin'])).out
    const { code, err } = await git(work, ['push', 'origin', ...refs.replace('MAIN', main).split(' ')])
    expect(`${code} ${told(err).replaceAll(main, 'MAIN')}`).toBe(expected)
    expect((await git(work, ['ls-remote', 'origin'])).out).toBe(before)
  })
})

describe('a caller who may not', () => {
  test.each(CALLERS)('%s | %s %s', async (_, name, verb, expected) => {
    const scopes = name === 'PUTTER' ? ['put'] as const : name === 'READER' ? ['read'] as const : undefined
    const token = scopes === undefined ? name : (await river.client.call(API.createAccess, { body: { name: name.toLowerCase(), scopes: [...scopes] } })).token
    const address = token === '' ? `${river.url}/git/nets.git` : repository(token)
    const { code, err } = await git(work, verb === 'push' ? ['push', address, 'HEAD:mine'] : ['ls-remote', address])
    expect(`${code} ${told(err)}`).toBe(expected)
  })
})

describe('a file that is no net', () => {
  test.each(FILES)('%s | %j', async (what, path, content, expected) => {
    const branch = what.replaceAll(' ', '-').toLowerCase()
    await git(work, ['checkout', '-q', '-B', branch, main])
    mkdirSync(dirname(join(work, path)), { recursive: true })
    if (typeof content === 'string' && content.startsWith('-> ')) symlinkSync(content.slice(3), join(work, path))
    else if (content !== '20,001 times') writeFileSync(join(work, path), content)
    await git(work, ['add', '-A'])
    if (content === '20,001 times') stageMany(20_001)
    await git(work, ['commit', '-q', '-m', what])
    expect(await git(work, ['push', '-q', 'origin', `HEAD:${branch}`])).toMatchObject({ code: 0 })
    const { number } = await river.client.call(API.openProposal, { body: { title: what, branch } })
    const { findings, mergeable } = await river.client.call(API.getProposal, { params: { proposal: number } })
    expect(mergeable).toBe(!findings.some(({ level }) => level === 'error'))
    expect(findings.filter(({ file }) => file === path).map(({ level, line, column, code, message, remedy }) => `${level} ${line}:${column} ${code}: ${message} => ${remedy}`).join('; ') || 'nothing').toBe(expected)
    await git(work, ['checkout', '-q', '--detach', main])
  })
})

/** So many files of one content, in the index alone. */
function stageMany(count: number): void {
  const blob = execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd: work, input: 'x' }).toString('utf8').trim()
  const rows = Array.from({ length: count }, (_, nth) => `100644 ${blob}\tnets/many/f${String(nth).padStart(5, '0')}\n`)
  execFileSync('git', ['update-index', '--index-info'], { cwd: work, input: rows.join('') })
}

describe('a client that is no git', () => {
  test.each(ASKED)('%s | %s', async (_, request, init, expected) => expect(await river.ask(request, init)).toBe(expected))
})
