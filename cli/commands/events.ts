import type { Command } from 'commander'
import { API } from '../../protocol/api.js'
import type { EventAnswer } from '../../protocol/api/history.js'
import { readAddress } from '../address.js'
import { follow } from '../follow.js'
import { jsonText } from '../json-text.js'
import { look, printList, wholeNumber, withOutput, type Format } from '../output.js'
import { all } from '../pages.js'
import type { Shell } from '../shell.js'
import { table } from '../table.js'
import { events as view } from '../views/history.js'

interface Options {
  readonly output: Format
  readonly follow?: boolean
  readonly after?: string
  readonly type?: string
  readonly correlation?: string
  readonly limit?: string
}

/** `agenticos events SESSION [--follow]`: the log, oldest first; follow goes on and survives a lost connection. */
export function events(program: Command, shell: Shell): void {
  withOutput(program.command('events'))
    .description('show the events of a session, net or transition')
    .argument('<name>', 'SESSION, SESSION/NET or SESSION/NET/TRANSITION')
    .option('-f, --follow', 'go on as events come; reconnects and resumes')
    .option('--after <event>', 'begin after this event number (with --follow: default is from now on)')
    .option('--type <type>', 'only of this type, e.g. token.put or transition')
    .option('--correlation <id>', 'only of this correlation')
    .option('--limit <n>', 'the newest so many (default 100), or with --after the next so many')
    .action(async (name: string, options: Options) => {
      const { session, net, element } = readAddress(name, 1, 3, 'SESSION, SESSION/NET or SESSION/NET/TRANSITION')
      const filter = {
        ...(net === undefined ? {} : { net }), ...(element === undefined ? {} : { transition: element }),
        ...(options.type === undefined ? {} : { type: options.type }), ...(options.correlation === undefined ? {} : { correlation: options.correlation }),
      }
      const after = options.after === undefined ? undefined : wholeNumber(options.after, '--after')
      if (options.follow) {
        const print = printer(shell, options.output)
        return follow(shell, session, after, filter, print)
      }
      const most = options.limit === undefined ? 100 : wholeNumber(options.limit, '--limit', 1)
      const rows = after === undefined
        ? (await all(shell.client(), API.listEvents, { params: { session }, query: { ...filter, newest: 'true' } }, most)).reverse()
        : await all(shell.client(), API.listEvents, { params: { session }, query: { ...filter, after } }, most)
      printList(shell, options.output, view(Date.now()), rows)
    })
}

/** Prints event by event, the heads once. */
function printer(shell: Shell, format: Format): (event: EventAnswer) => void {
  let heads = true
  return (event) => {
    if (format === 'json') return shell.print(jsonText(event))
    if (format === 'yaml') return shell.print(`- ${JSON.stringify(event)}`)
    const shown = view(Date.now())
    if (format === 'name') return shell.print(shown.name(event))
    const columns = shown.columns.map((column) => ({ ...column, ...(column.head === 'AGE' ? { head: 'TIME    ', cell: (row: EventAnswer) => row.at.slice(11, 19) } : {}) }))
      .map((column) => ({ ...column, head: column.head.padEnd({ EVENT: 7, TYPE: 19, OBJECT: 28 }[column.head] ?? 0) }))
    const lines = table(columns, [event], look(shell, format))
    for (const line of heads ? lines : lines.slice(1)) shell.print(line)
    heads = false
  }
}
