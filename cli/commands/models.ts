import type { Command } from 'commander'
import { API } from '../../protocol/api.js'
import type { ModelCheckAnswer } from '../../protocol/api/model-check.js'
import { ProblemError } from '../../protocol/client.js'
import { CliFailure } from '../failure.js'
import { look, printList, withOutput, type Format, type View } from '../output.js'
import type { Shell } from '../shell.js'
import { plain } from '../paint.js'
import { table } from '../table.js'
import { exactly } from '../views/work.js'

/** A model that could not be tried at all has an error alone. */
type Row = Partial<Omit<ModelCheckAnswer, 'model' | 'ok' | 'errors'>> & Pick<ModelCheckAnswer, 'model' | 'ok'> & { readonly errors: readonly { readonly of: string, readonly code: string, readonly message: string }[] }

/** `agenticos models check [NAME]`: calls each model once for each thing it is said to be able to do. */
export function models(program: Command, shell: Shell): void {
  const group = program.command('models').description('try the models of models.yaml; agenticos get models lists them')
  withOutput(group.command('check'))
    .description('call each model once through an executor: what works, how fast, what it cost')
    .argument('[name]', 'one model; all unless given')
    .action(async (name: string | undefined, { output }: { output: Format }) => {
      const { items } = await shell.client().call(API.listModels)
      const names = name === undefined ? items.map((item) => item.name) : [name]
      if (names.length === 0) throw new CliFailure('no model is configured', 'write models.yaml into the net repository and propose it; docs/models.md begins with one', 2)
      const rows: Row[] = []
      // One after the other: models of one machine would slow each other down.
      for (const one of names) {
        shell.progress(`trying ${one} (${rows.length + 1} of ${names.length})`)
        rows.push(await check(shell, one))
      }
      shell.done()
      if (output === 'table' || output === 'wide') show(shell, output, rows)
      else printList(shell, output, VIEW, rows)
      if (rows.some((row) => !row.ok)) shell.exit = 1
    })
}

async function check(shell: Shell, model: string): Promise<Row> {
  try {
    return await shell.client().call(API.checkModel, { params: { model }, signal: shell.signal })
  } catch (error) {
    const told = error instanceof ProblemError ? error.problem : undefined
    if (told === undefined || told.status === 401 || told.status === 403 || told.code === 'not-found') throw error
    return { model, ok: false, errors: [{ of: 'check', code: told.code, message: `${told.detail}; ${told.remedy}` }] }
  }
}

function show(shell: Shell, output: Format, rows: readonly Row[]): void {
  for (const line of table(VIEW.columns, rows, look(shell, output))) shell.print(line)
  for (const { model, errors } of rows) {
    for (const { of, code, message } of errors) shell.print(`${shell.paint('yellow', plain(`${model}, ${of}`))}: ${plain(message)} (${plain(code)})`)
  }
  const micros = rows.reduce((sum, row) => sum + (row.micros ?? 0), 0)
  shell.print(`these tries cost ${micros === 0 ? 'nothing' : `${exactly(micros)}, booked on session system`}`)
}

const yes = (works: boolean | undefined): string => (works === undefined ? '-' : works ? 'yes' : 'no')

const VIEW: View<Row> = {
  none: 'no models',
  name: (row) => row.model,
  columns: [
    { head: 'MODEL', cell: (row) => row.model },
    { head: 'OK', cell: (row) => yes(row.ok), colour: (row) => (row.ok ? 'green' : 'red') },
    { head: 'PLAIN', cell: (row) => yes(row.works?.plain) },
    { head: 'TOOLS', cell: (row) => yes(row.works?.tools) },
    { head: 'SCHEMA', cell: (row) => yes(row.works?.schema) },
    { head: 'STREAM', cell: (row) => yes(row.works?.stream) },
    { head: 'FIRST MS', cell: (row) => row.firstMs, right: true },
    { head: 'TOKENS/S', cell: (row) => row.tokensPerSecond, right: true },
    { head: 'COST', cell: (row) => (row.micros === undefined ? '-' : row.micros === 0 ? '$0' : exactly(row.micros)), right: true },
    { head: 'EXECUTOR', cell: (row) => row.executor, wide: true },
    { head: 'TOKENS', cell: (row) => (row.usage === undefined ? '-' : `${row.usage.input} + ${row.usage.output}`), wide: true },
  ],
}
