import { duration } from '../age.js'
import { callSubject } from '../../tools/call-subject.js'
import type { Shell } from '../shell.js'
import type { Screen } from './screen.js'
import { short } from './short.js'
import type { Happening, ToolCall, Turn } from './turn.js'

/** Tools that have nothing to tell besides being called; DONE is the reply. */
const SILENT = new Set(['DONE', 'FAIL', 'THINK'])
const DRAWN = /^(CREATE|DELETE)_(NET|PLACE|TRANSITION|ARC)$|^SET_INSCRIPTION$/

/** Whether a tool changes the draft when it is done. */
export function changesDraft(call: ToolCall): boolean {
  return call.ok && (DRAWN.test(call.tool) || call.tool === 'NET_DOCTOR')
}

/** Shows one thing of a turn as it happens. */
export function showHappening(shell: Shell, screen: Screen, turn: Turn, happening: Happening): void {
  switch (happening.kind) {
    case 'words':
      return screen.words(happening.text)
    case 'begun':
      return happening.tool === 'DONE' ? undefined : screen.live(`○ ${happening.tool} ${short(happening.text)}`)
    case 'called':
      return showCall(shell, screen, happening.call, happening.result)
    case 'waits':
      return screen.line(shell.paint('yellow', `  waits: ${short(happening.text, 200)}`))
    case 'result':
      return showResult(shell, screen, happening.tool, happening.text, happening.apart ? `${short(happening.tool)}: ` : '')
    case 'proposed':
      return
    case 'ended':
      return showReply(shell, screen, turn)
  }
}

function showCall(shell: Shell, screen: Screen, call: ToolCall, result: string | undefined): void {
  screen.live('')
  if (call.ok && call.tool === 'DONE') return
  const took = call.durationMs === undefined ? '' : `  ${duration(call.durationMs)}`
  const subject = short(callSubject(call.input), room(shell, call.tool.length + took.length + 7, 72))
  const head = `${shell.paint(call.ok ? 'green' : 'red', '●')} ${short(call.tool)}${subject === '' ? '' : ` ${subject}`}`
  if (!call.ok) return screen.line(`${head}  ${shell.paint('red', short([call.code, call.message].filter((part) => part !== '').join(': ') || 'refused', 200))}`)
  screen.line(`${head}  ${shell.paint('dim', `ok${took}`)}`)
  if (result !== undefined) showResult(shell, screen, call.tool, result)
}

/** A result in one line; what a draft became is drawn, and refusals say why themselves. */
function showResult(shell: Shell, screen: Screen, tool: string, result: string, of = ''): void {
  if (SILENT.has(tool) || DRAWN.test(tool) || !result.startsWith('ok ')) return
  screen.line(`  ${shell.paint('dim', short(`${of}${result.slice(3)}`, room(shell, 3, 160)))}`)
}

/** Characters that a line of a terminal has besides what is `taken`, `most` at most; a pipe has no end of a line. */
function room(shell: Shell, taken: number, most: number): number {
  return Math.min(most, Math.max(20, (shell.out.columns ?? Infinity) - taken))
}

function showReply(shell: Shell, screen: Screen, turn: Turn): void {
  screen.live('')
  const { text, error } = turn.reply!
  if (error !== undefined) {
    screen.line(error.code === 'cancelled' ? shell.paint('yellow', 'stopped') : `${shell.paint('red', 'failed:')} ${short(error.message, 600)}${error.code === '' ? '' : shell.paint('dim', ` [${short(error.code)}]`)}`)
    return
  }
  // what was said aloud, word for word, is not said twice
  if (turn.words.trim() !== '' && turn.words.trim() === text!.trim()) return screen.rest()
  screen.rest()
  screen.words(text!)
  screen.rest()
}
