import type { Condition } from '../protocol/api/route.js'
import { plain } from './paint.js'
import type { Shell } from './shell.js'
import { look, type View } from './output.js'
import { table } from './table.js'

/** `Name:   value`, as kubectl describe says it. */
export function field(shell: Shell, head: string, value: string | number | boolean | null | undefined): void {
  if (value === null || value === undefined || value === '') return
  shell.print(`${`${head}:`.padEnd(14)} ${plain(String(value))}`)
}

export function heading(shell: Shell, text: string): void {
  shell.print(`\n${shell.paint('bold', text)}`)
}

export function conditions(shell: Shell, list: readonly Condition[]): void {
  heading(shell, 'Conditions')
  const lines = table<Condition>([
    { head: 'TYPE', cell: (one) => one.type },
    { head: 'STATUS', cell: (one) => one.status, colour: (one) => ((one.status === 'True') === (one.type === 'Ready' || one.type === 'Healthy') ? 'green' : 'red') },
    { head: 'REASON', cell: (one) => one.reason },
    { head: 'MESSAGE', cell: (one) => one.message },
  ], list, look(shell, 'table'))
  for (const line of lines) shell.print(`  ${line}`)
}

/** A table under a heading; what there is none of is said. */
export function section<T extends object>(shell: Shell, title: string, view: View<T>, rows: readonly T[], hide: readonly string[] = []): void {
  heading(shell, title)
  if (rows.length === 0) return shell.print(`  ${view.none}`)
  const shown = { ...look(shell, 'table') }
  const lines = table(view.columns.filter((column) => !hide.includes(column.head)), rows, { ...shown, columns: shown.columns === undefined ? undefined : shown.columns - 2 })
  for (const line of lines) shell.print(`  ${line}`)
}
