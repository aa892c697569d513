import { PassThrough, Writable } from 'node:stream'
import { runCli } from '../../cli/run.js'
import { createShell, type Shell } from '../../cli/shell.js'

interface Given {
  readonly env?: Record<string, string>
  readonly cwd?: string
  readonly stdin?: string
  /** columns of the terminal it runs on; none: a pipe */
  readonly columns?: number
  readonly signal?: AbortSignal
  /** called with all of stdout so far at each write */
  readonly onOut?: (text: string) => void
  readonly onErr?: (text: string) => void
}

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs one command line in this process, with streams of its own. */
export async function cli(args: readonly string[], given: Given = {}): Promise<Ran> {
  const text = { out: '', err: '' }
  const sink = (name: 'out' | 'err') => Object.assign(new Writable({
    write(chunk: Buffer, _encoding, done) {
      text[name] += chunk.toString('utf8')
      if (name === 'out') given.onOut?.(text.out)
      else given.onErr?.(text.err)
      done()
    },
  }), given.columns === undefined ? {} : { isTTY: true, columns: given.columns })
  const input: Shell['input'] = new PassThrough()
  if (given.stdin === undefined) Object.assign(input, { isTTY: true })
  else (input as PassThrough).end(given.stdin)
  const shell = createShell({
    out: sink('out'), err: sink('err'), input, env: given.env ?? {}, cwd: given.cwd ?? '/', signal: given.signal ?? new AbortController().signal, version: '0.0.0-test',
  })
  const code = await runCli(shell, args)
  return { code, ...text }
}
