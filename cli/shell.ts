import type { Client } from '../protocol/client.js'
import { connect, type Connection } from './connection.js'
import { painter, type Painter } from './paint.js'

/** Where a command runs: its streams, surroundings and the server it talks to. Made once, in main. */
export interface Shell {
  readonly out: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** aborted by Ctrl-C and SIGTERM */
  readonly signal: AbortSignal
  /** takes Ctrl-C for itself; gives the way to give it back */
  interrupts(handle: () => void): () => void
  readonly version: string
  readonly paint: Painter
  /** the same for stderr */
  readonly paintErr: Painter
  print(text: string): void
  /** a line for people on stderr, only when that is a terminal */
  progress(text: string): void
  done(): void
  warn(text: string): void
  client(): Client
  connection(): Connection
  /** set by commands that found something: 2 findings, 1 not reached */
  exit: 0 | 1 | 2
  /** --server and --token */
  readonly asked: { server?: string; token?: string }
}

interface Streams {
  readonly out: Shell['out']
  readonly err: Shell['err']
  readonly input: Shell['input']
  readonly env: Shell['env']
  readonly cwd: string
  readonly signal: AbortSignal
  /** there is none where nobody sends signals */
  readonly interrupts?: Shell['interrupts']
  readonly version: string
}

export function createShell(streams: Streams): Shell {
  const { out, err, env } = streams
  const colour = (stream: { readonly isTTY?: boolean }) => stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
  let connection: Connection | undefined
  let pending = false
  const shell: Shell = {
    ...streams,
    interrupts: streams.interrupts ?? (() => () => {}),
    paint: painter(colour(out)),
    paintErr: painter(colour(err)),
    exit: 0,
    asked: {},
    print: (text) => void out.write(`${text}\n`),
    progress: (text) => {
      if (err.isTTY !== true) return
      pending = true
      err.write(`\r\u001b[K${text}`)
    },
    done: () => {
      if (pending) err.write('\r\u001b[K')
      pending = false
    },
    warn: (text) => {
      shell.done()
      err.write(`${text}\n`)
    },
    connection: () => (connection ??= connect(shell)),
    client: () => shell.connection().client,
  }
  return shell
}
