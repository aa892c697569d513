import type { Command } from 'commander'
import { API } from '../../protocol/api.js'
import type { StatusAnswer } from '../../protocol/api/change.js'
import { printedAsValue, withOutput, type Format } from '../output.js'
import { plain } from '../paint.js'
import type { Shell } from '../shell.js'
import { finding } from '../finding-line.js'

/** `agenticos status`: how everything is, on one screen. */
export function status(program: Command, shell: Shell): void {
  withOutput(program.command('status').description('how the repository, the sessions and the executors are'))
    .action(async ({ output }: { output: Format }) => {
      const answer = await shell.client().call(API.status)
      if (!printedAsValue(shell, output, answer)) show(shell, answer)
      if (answer.repository.findings.some((one) => one.level === 'error')) shell.exit = 2
    })
}

function show(shell: Shell, answer: StatusAnswer): void {
  const { repository } = answer
  const line = (head: string, text: string) => shell.print(`${head.padEnd(12)} ${text}`)
  const ready = answer.ready ? shell.paint('green', 'Ready') : shell.paint('red', 'not Ready')
  line('server', `${shell.connection().server}  version ${plain(answer.version)}`)
  line('revision', `${ready}  applied ${short(repository.applied)}${repository.attempted !== repository.applied ? `, attempted ${short(repository.attempted)}` : ''}${repository.suspended ? shell.paint('yellow', '  suspended') : ''}`)
  for (const one of repository.conditions) line('', `${mark(shell, one.type, one.status)} ${one.type}=${one.status}  ${plain(one.reason)}  ${plain(one.message)}`)
  line('running', `${count(answer.sessions, 'session')}, ${count(answer.nets, 'net')}, ${count(answer.tokens, 'token')}, ${count(answer.engines, 'engine')}`)
  const { effects } = answer
  line('effects', `${effects.leased} leased, ${effects.pending} pending${effects.held > 0 ? `, ${effects.held} held` : ''}${effects.blocked > 0 ? `, ${effects.blocked} blocked` : ''}${effects.waiting > 0 ? shell.paint('yellow', `, ${effects.waiting} waiting for money or a rate  (agenticos get budgets)`) : ''}`)
  line('executors', `${answer.executors.ready} ready${answer.executors.draining > 0 ? `, ${answer.executors.draining} draining` : ''}${answer.executors.gone > 0 ? `, ${answer.executors.gone} gone` : ''}`)
  line('inbox', `${answer.inbox} waiting`)
  line('failed', answer.failed === 0 ? '0' : `${shell.paint('red', String(answer.failed))}  (agenticos get failed)`)
  if (answer.proposals > 0) line('proposals', `${answer.proposals} open  (agenticos get proposals)`)
  if (answer.stopped.length > 0) line('stopped', shell.paint('yellow', answer.stopped.map((name) => (name === '*' ? 'everything' : name)).join(', ')))
  for (const { place, tokens } of answer.orphans.slice(0, 5)) line('orphans', `${place}  ${count(tokens, 'token')}  ${shell.paint('dim', '(its place is gone; agenticos move takes them to another)')}`)
  if (answer.orphans.length > 5) line('', `and ${answer.orphans.length - 5} more places  (agenticos get places)`)
  for (const one of repository.findings) shell.print(finding(shell, one))
}

const short = (commit: string): string => (commit === '' ? 'nothing yet' : commit.slice(0, 10))
const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`

function mark(shell: Shell, type: string, status: string): string {
  const good = (status === 'True') === (type === 'Ready' || type === 'Healthy')
  return good ? shell.paint('green', '✓') : shell.paint(type === 'Reconciling' ? 'yellow' : 'red', type === 'Reconciling' ? '…' : '✗')
}
