import type { Command } from 'commander'
import { API } from '../../protocol/api.js'
import { readAddress } from '../address.js'
import { printedAsValue, withOutput, type Format } from '../output.js'
import { all } from '../pages.js'
import { plain } from '../paint.js'
import type { Shell } from '../shell.js'

/** `agenticos verify [SESSION...]`: the fold of the events equals the tables, or exit 1 and where not. */
export function verify(program: Command, shell: Shell): void {
  withOutput(program.command('verify'))
    .description('prove that the events and the tables agree and that the log is whole')
    .argument('[sessions...]', 'sessions; all when none is named')
    .action(async (names: string[], { output }: { output: Format }) => {
      const sessions = names.length > 0 ? names.map((name) => readAddress(name, 1, 1, 'SESSION').session) : (await all(shell.client(), API.listSessions)).map((row) => row.name)
      const answers = []
      for (const session of sessions) {
        shell.progress(`verifying ${session}`)
        answers.push(await shell.client().call(API.verify, { params: { session }, signal: shell.signal }))
      }
      shell.done()
      if (answers.some((answer) => !answer.ok)) shell.exit = 1
      if (printedAsValue(shell, output, { items: answers })) return
      if (answers.length === 0) return shell.warn('no sessions to verify')
      for (const answer of answers) {
        const verdict = answer.ok ? shell.paint('green', 'clean') : shell.paint('red', `${answer.differences.length}${answer.differences.length === 100 ? ' or more' : ''} differences`)
        shell.print(`${answer.session}: ${verdict}  ${answer.events} events in ${answer.segments} segments, ${answer.tokens} tokens${answer.inTransit > 0 ? `, ${answer.inTransit} in transit` : ''}`)
        for (const one of answer.differences) shell.print(`  ${one.kind} ${one.at}: ${plain(one.message)}`)
      }
    })
}
