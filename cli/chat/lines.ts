import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'
import type { Shell } from '../shell.js'
import { readHistory, writeHistory } from './state-file.js'

export type Manner = 'rich' | 'plain' | 'pipe'

/** How one talks here: a terminal that obeys escape codes, one that does not, or no terminal. */
export function mannerOf(shell: Shell): Manner {
  if (shell.input.isTTY !== true || shell.out.isTTY !== true) return 'pipe'
  return shell.env['TERM'] === 'dumb' ? 'plain' : 'rich'
}

/** The lines that a person types, or that a pipe has. */
export interface Lines {
  /** the next line; undefined: there is no more */
  next(prompt: string): Promise<string | undefined>
  /** lines typed meanwhile go to `hear` first, which says whether it took them; nothing is echoed */
  during<T>(work: () => Promise<T>, hear: (line: string) => boolean): Promise<T>
  /** who hears of Ctrl-C */
  interrupt: () => void
  close(): void
}

/** Begins to read lines. With a terminal there is history and editing, in a pipe there is nothing but lines. */
export function openLines(shell: Shell, words: readonly string[]): Lines {
  const manner = mannerOf(shell)
  let quiet = false
  const waiting: string[] = []
  let take: ((line: string | undefined) => void) | undefined
  let hear: ((line: string) => boolean) | undefined
  let ended = false
  const output = Object.assign(new Writable({
    write(chunk: Buffer | string, _encoding, done) {
      if (!quiet) shell.out.write(chunk)
      done()
    },
  }), { columns: shell.out.columns })
  const reader: Interface = createInterface({
    input: shell.input, terminal: manner === 'rich',
    ...(manner === 'pipe' ? {} : { output }),
    ...(manner === 'rich' ? { history: readHistory(shell.env), historySize: 1_000, removeHistoryDuplicates: true, completer: (line: string) => [words.filter((word) => word.startsWith(line)), line] } : {}),
  })
  const give = (line: string | undefined): void => {
    const taker = take
    take = undefined
    taker?.(line)
  }
  reader.on('line', (line) => {
    if (hear?.(line) === true) return
    if (take !== undefined) give(line)
    else waiting.push(line)
  })
  reader.on('history', (history: string[]) => writeHistory(shell.env, history))
  reader.on('close', () => {
    ended = true
    give(undefined)
  })
  const lines: Lines = {
    interrupt: () => {},
    next(prompt) {
      const [line] = waiting.splice(0, 1)
      if (line !== undefined || ended) return Promise.resolve(line)
      return new Promise((resolve) => {
        take = resolve
        if (manner === 'pipe') return
        reader.setPrompt(prompt)
        reader.prompt()
      })
    },
    async during(work, listen) {
      quiet = true
      hear = listen
      try {
        return await work()
      } finally {
        quiet = false
        hear = undefined
      }
    },
    close: () => {
      release()
      shell.signal.removeEventListener('abort', leave)
      reader.close()
    },
  }
  const leave = (): void => reader.close()
  shell.signal.addEventListener('abort', leave)
  // raw mode hands Ctrl-C to readline, else it is a signal
  reader.on('SIGINT', () => lines.interrupt())
  const release = shell.interrupts(() => lines.interrupt())
  return lines
}
