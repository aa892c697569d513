import type { Problem } from '../protocol/problem.js'
import { plain } from './paint.js'
import type { Shell } from './shell.js'

export type ShownFinding = NonNullable<Problem['findings']>[number]

/** A finding as compilers print theirs, with its remedy below. */
export function finding(shell: Shell, one: ShownFinding): string {
  const colour = one.level === 'error' ? 'red' : one.level === 'warning' ? 'yellow' : 'blue'
  return `${plain(one.file)}:${one.line}:${one.column} ${shell.paint(colour, one.level)} ${plain(one.message)} ${shell.paint('dim', `[${plain(one.code)}]`)}\n    ${plain(one.remedy)}`
}

/** `2 errors, 1 warning`; empty when there are none. */
export function tally(findings: readonly { readonly level: string }[]): string {
  return (['error', 'warning', 'info'] as const).flatMap((level) => {
    const n = findings.filter((one) => one.level === level).length
    return n === 0 ? [] : [`${n} ${level}${n === 1 ? '' : 's'}`]
  }).join(', ')
}
