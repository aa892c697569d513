import { Option, type Command } from 'commander'
import { API } from '../../protocol/api.js'
import { COST_BY, type CostBy } from '../../protocol/api/history.js'
import { readAddress } from '../address.js'
import { bars } from '../bars.js'
import { usage } from '../failure.js'
import { printList, withOutput, type Format } from '../output.js'
import type { Shell } from '../shell.js'
import { costs, nameOfCost } from '../views/cost.js'
import { exactly } from '../views/work.js'
import { readWhen } from './replay.js'

interface Options {
  readonly output: Format
  readonly since?: string
  readonly by: CostBy
  readonly plot?: boolean
}

/** `agenticos cost [NAME]`: money spent outside, by transition or whatever else it is told by. */
export function cost(program: Command, shell: Shell): void {
  withOutput(program.command('cost'))
    .description('show money spent outside')
    .argument('[name]', 'SESSION or SESSION/NET')
    .option('--since <time>', 'RFC 3339 time, or a span back from now (24h, 7d)')
    .addOption(new Option('--by <what>', `what it is told by: ${COST_BY.join(', ')}`).choices(COST_BY).default('transition'))
    .option('--plot', 'draw it as bars')
    .action(async (name: string | undefined, options: Options) => {
      const address = name === undefined ? undefined : readAddress(name, 1, 2, 'SESSION or SESSION/NET')
      if (address === undefined && (options.by === 'firing' || options.by === 'call')) usage(`cost --by ${options.by} needs a session`, `agenticos cost SESSION --by ${options.by}`)
      const query = {
        ...(address === undefined ? {} : { session: address.session }), ...(address?.net === undefined ? {} : { net: address.net }),
        ...(options.since === undefined ? {} : { since: readWhen(options.since, Date.now()) }), by: options.by,
      }
      const answer = await shell.client().call(API.cost, { query })
      const people = options.output === 'table' || options.output === 'wide'
      if (options.plot && people) {
        const unicode = !shell.env['NO_COLOR'] && shell.env['TERM'] !== 'dumb'
        const room = shell.out.isTTY === true ? (shell.out.columns ?? 80) : 80
        const rows = answer.items.map((row) => ({ name: nameOfCost(row), value: row.micros, text: exactly(row.micros) }))
        if (rows.length === 0) shell.warn(costs(options.by).none)
        for (const { name: head, bar, text } of bars(rows, room, unicode)) shell.print(`${head}  ${shell.paint('cyan', bar)}  ${text}`)
      } else printList(shell, options.output, costs(options.by), answer.items)
      if (people) shell.print(`total ${answer.micros === 0 ? '$0' : exactly(answer.micros)}`)
    })
}
