import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { Failure } from '../errors.js'

/** What a `git` run answers: its exit code and what it wrote. */
export interface GitAnswer {
  readonly code: number
  readonly out: Buffer
  readonly err: string
}

export interface GitOptions {
  readonly input?: string | Buffer | Iterable<string | Buffer>
  readonly env?: Readonly<Record<string, string>>
  /** exit codes that are answers; others throw. `[0]` unless given. */
  readonly expect?: readonly number[]
  readonly signal?: AbortSignal
  /** killed after so long; two minutes unless given */
  readonly timeoutMs?: number
}

/** A `git` run that failed: the arguments, the exit code and what git said. */
export class GitError extends Failure {
  readonly said: string

  constructor(args: readonly string[], code: number, said: string) {
    super('git-failed', `git ${args.find((arg) => !arg.startsWith('-') && !arg.includes('=')) ?? ''} ended with ${code}: ${said.trim().slice(0, 2_000) || 'no message'}`,
      'Most often the disk is full, or files of nets.git belong to another user.')
    this.name = 'GitError'
    this.said = said
  }
}

/** Runs the `git` binary on one repository: argument lists, no shell, no configuration but the repository's own, no hooks. */
export interface Git {
  readonly dir: string
  run(args: readonly string[], options?: GitOptions): Promise<GitAnswer>
  /** what it wrote, as text without the last newline */
  text(args: readonly string[], options?: GitOptions): Promise<string>
  /** a running process, for streams; the caller owns its end */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): ChildProcessWithoutNullStreams
}

const TIMEOUT_MS = 120_000

// Given on each command line: what the repository's own configuration says otherwise is without effect.
const ALWAYS = [
  'core.hooksPath=/dev/null', 'core.fsmonitor=false', 'core.attributesFile=/dev/null', 'core.excludesFile=/dev/null', 'core.pager=cat', 'core.quotePath=false',
  'core.fsync=committed,reference', 'core.logAllRefUpdates=true', 'safe.directory=*', 'protocol.allow=never',
  'gc.auto=0', 'gc.pruneExpire=2.weeks.ago', 'uploadpack.allowFilter=true', 'receive.autogc=false', 'receive.fsckObjects=true',
  // Refs that only the controller writes cannot be pushed to, whatever a request says; push.ts says so in words first.
  'receive.hideRefs=refs/proposals', 'receive.hideRefs=refs/scratch', 'receive.hideRefs=refs/audit', 'receive.hideRefs=refs/heads/drafts',
].flatMap((setting) => ['-c', setting])

function environment(dir: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: dir,
    LC_ALL: 'C',
    TZ: 'UTC',
    GIT_DIR: dir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    ...more,
  }
}

/** The runner for the repository in `dir`. It starts nothing by itself. */
export function openGit(dir: string): Git {
  const start: Git['start'] = (args, env) =>
    spawn('git', [...ALWAYS, ...args], { cwd: '/', env: environment(dir, env), stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true })

  const run: Git['run'] = (args, options = {}) =>
    new Promise((resolve, reject) => {
      const child = start(args, options.env)
      const out: Buffer[] = []
      let err = ''
      const stop = (): void => void child.kill('SIGKILL')
      const late = setTimeout(() => {
        err += `\nit was stopped after ${options.timeoutMs ?? TIMEOUT_MS} ms`
        stop()
      }, options.timeoutMs ?? TIMEOUT_MS)
      options.signal?.addEventListener('abort', stop, { once: true })
      child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
      child.stderr.on('data', (chunk: Buffer) => { if (err.length < 64_000) err += chunk.toString('utf8') })
      child.on('error', (cause) => {
        clearTimeout(late)
        reject(new Failure('git-missing', 'the git program could not be started', 'Install git 2.38 or newer and have it in PATH.', { cause }))
      })
      // A git that ends before it has read everything says why on stderr; the broken pipe itself says nothing.
      child.stdin.on('error', () => {})
      child.on('close', (code) => {
        clearTimeout(late)
        options.signal?.removeEventListener('abort', stop)
        const answer = { code: code ?? -1, out: Buffer.concat(out), err }
        if ((options.expect ?? [0]).includes(answer.code)) resolve(answer)
        else reject(new GitError(args, answer.code, err))
      })
      feed(child, options.input)
    })

  return {
    dir,
    start,
    run,
    text: async (args, options) => (await run(args, options)).out.toString('utf8').replace(/\n$/, ''),
  }
}

function feed(child: ChildProcessWithoutNullStreams, input: GitOptions['input']): void {
  if (input === undefined || typeof input === 'string' || Buffer.isBuffer(input)) {
    child.stdin.end(input ?? '')
    return
  }
  for (const part of input) child.stdin.write(part)
  child.stdin.end()
}
