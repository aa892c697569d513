import { Option, type Command } from 'commander'
import { yamlText } from './yaml-text.js'
import { usage } from './failure.js'
import { jsonText } from './json-text.js'
import type { Shell } from './shell.js'
import { table, type Column } from './table.js'

export const FORMATS = ['table', 'wide', 'json', 'yaml', 'name'] as const
export type Format = (typeof FORMATS)[number]

/** Adds -o to a command. */
export function withOutput(command: Command): Command {
  return command.addOption(new Option('-o, --output <format>', 'table, wide, json, yaml or name').choices(FORMATS).default('table'))
}

/** How things of a kind are shown in every format. */
export interface View<T> {
  readonly columns: readonly Column<T>[]
  readonly name: (row: T) => string
  /** said on stderr when there are none */
  readonly none: string
}

export function printList<T extends object>(shell: Shell, format: Format, view: View<T>, rows: readonly T[]): void {
  if (format === 'json' || format === 'yaml') return printValue(shell, format, { items: rows })
  if (rows.length === 0) return shell.warn(view.none)
  if (format === 'name') return rows.forEach((row) => shell.print(view.name(row)))
  for (const line of table(view.columns, rows, look(shell, format))) shell.print(line)
}

/** One thing as JSON or YAML. */
export function printValue(shell: Shell, format: Format, value: object): void {
  if (format === 'json') shell.print(jsonText(value, 2))
  else shell.print(yamlText(value))
}

export function look(shell: Shell, format: Format): { wide: boolean; paint: Shell['paint']; columns: number | undefined } {
  return { wide: format === 'wide', paint: shell.paint, columns: shell.out.isTTY === true && format !== 'wide' ? (shell.out.columns ?? 80) : undefined }
}

/** json or yaml was asked for: the value as it is; false when people read it. */
export function printedAsValue(shell: Shell, format: Format, value: object): boolean {
  if (format !== 'json' && format !== 'yaml') return false
  printValue(shell, format, value)
  return true
}

export function wholeNumber(text: string, name: string, least = 0): number {
  if (!/^\d{1,12}$/.test(text) || Number(text) < least) usage(`${name} is ${JSON.stringify(text)}, and it must be a whole number from ${least} on`, `write ${name} ${Math.max(least, 10)}`)
  return Number(text)
}
