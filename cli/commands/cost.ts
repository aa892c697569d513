import type { Command } from 'commander'
import { API } from '../../protocol/api.js'
import { readAddress } from '../address.js'
import { printList, withOutput, type Format, type View } from '../output.js'
import type { Shell } from '../shell.js'
import { money } from '../views/work.js'
import { readWhen } from './replay.js'

interface Row {
  readonly session: string
  readonly net: string
  readonly transition: string
  readonly firings: number
  readonly failed: number
  readonly usd: number
}

/** `agenticos cost [NAME]`: money spent outside, by transition. */
export function cost(program: Command, shell: Shell): void {
  withOutput(program.command('cost'))
    .description('show money spent outside, by transition')
    .argument('[name]', 'SESSION or SESSION/NET')
    .option('--since <time>', 'RFC 3339 time, or a span back from now (24h, 7d)')
    .action(async (name: string | undefined, options: { output: Format; since?: string }) => {
      const address = name === undefined ? undefined : readAddress(name, 1, 2, 'SESSION or SESSION/NET')
      const query = {
        ...(address === undefined ? {} : { session: address.session }), ...(address?.net === undefined ? {} : { net: address.net }),
        ...(options.since === undefined ? {} : { since: readWhen(options.since, Date.now()) }),
      }
      const answer = await shell.client().call(API.cost, { query })
      printList(shell, options.output, VIEW, answer.items)
      if (options.output === 'table' || options.output === 'wide') shell.print(`total ${answer.usd === 0 ? '$0' : money(answer.usd)}`)
    })
}

const VIEW: View<Row> = {
  none: 'nothing has fired yet',
  name: (row) => `${row.session}/${row.net}/${row.transition}`,
  columns: [
    { head: 'TRANSITION', cell: (row) => `${row.session}/${row.net}/${row.transition}` },
    { head: 'FIRINGS', cell: (row) => row.firings, right: true },
    { head: 'FAILED', cell: (row) => row.failed, right: true },
    { head: 'USD', cell: (row) => money(row.usd), right: true },
  ],
}
