import type { Command } from 'commander'
import { API } from '../../protocol/api.js'
import { age } from '../age.js'
import { printList, wholeNumber, withOutput, type Format } from '../output.js'
import { all } from '../pages.js'
import { plain } from '../paint.js'
import type { Shell } from '../shell.js'
import { revisions as view } from '../views/history.js'

/** `agenticos log`: what was merged and applied, newest first, as git log tells it. */
export function log(program: Command, shell: Shell): void {
  withOutput(program.command('log'))
    .description('show what was merged and applied, newest first')
    .option('-n, --limit <n>', 'so many', '20')
    .option('--oneline', 'one line each')
    .action(async (options: { output: Format; limit: string; oneline?: boolean }) => {
      const rows = await all(shell.client(), API.listRevisions, {}, wholeNumber(options.limit, '--limit', 1))
      if (options.output !== 'table' || rows.length === 0) return printList(shell, options.output, view(Date.now()), rows)
      for (const row of rows) {
        const state = row.current ? shell.paint('green', 'current') : row.state === 'refused' ? shell.paint('red', 'refused') : row.state
        if (options.oneline) {
          shell.print(`${shell.paint('yellow', row.commit.slice(0, 10))} ${row.current ? '* ' : row.state === 'refused' ? shell.paint('red', '✗ ') : '  '}${plain(row.subject)}`)
          continue
        }
        shell.print(`${shell.paint('yellow', `commit ${row.commit}`)} (${state})`)
        shell.print(`Author:  ${plain(row.author)}`)
        shell.print(`Applied: ${row.appliedAt === null ? 'no' : `${row.appliedAt} (${age(row.appliedAt, Date.now())} ago)`}${row.reason === '' ? '' : `  ${plain(row.reason)}`}`)
        shell.print(`\n    ${plain(row.subject)}\n`)
      }
    })
}
