import type { Shell } from '../shell.js'
import { plain, plainLines } from '../paint.js'
import { cut } from '../table.js'

/** Where a turn is shown: lines that stay, words as they come, and on a terminal one live line below them. */
export interface Screen {
  /** one line of our own making: it may be painted, what comes from outside in it is plain already */
  line(text: string): void
  /** words from outside, made plain, as they come */
  words(text: string): void
  /** what goes on now; '' for nothing */
  live(text: string): void
  /** ends a begun line, clears the live one */
  rest(): void
}

/** `live`: the terminal obeys escape codes, so that a line can be taken back. */
export function createScreen(shell: Shell, live: boolean): Screen {
  let [open, now] = [false, '']
  const clear = (): void => {
    if (now !== '') shell.out.write('\r\u001b[K')
  }
  const draw = (): void => {
    if (now !== '') shell.out.write(shell.paint('dim', cut(now, Math.max(20, (shell.out.columns ?? 80) - 1))))
  }
  const end = (): void => {
    if (open) shell.out.write('\n')
    open = false
  }
  return {
    line(text) {
      clear()
      end()
      shell.out.write(`${text}\n`)
      draw()
    },
    words(text) {
      clear()
      now = ''
      // the first line break of an answer says nothing
      const told = plainLines(open ? text : text.replace(/^\s+/, ''))
      if (told === '') return
      shell.out.write(told)
      open = !told.endsWith('\n')
    },
    live(text) {
      if (!live || open) return
      clear()
      now = plain(text)
      draw()
    },
    rest() {
      clear()
      now = ''
      end()
    },
  }
}
