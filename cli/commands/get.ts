import { Argument, Option, type Command } from 'commander'
import { nearest } from '../../petri/nearest.js'
import { usage } from '../failure.js'
import { GETTERS, kindOf, KINDS, type GetOptions } from '../getters.js'
import { printList, wholeNumber, withOutput, type Format, type View } from '../output.js'
import type { Shell } from '../shell.js'
import { watchList } from '../watch.js'

interface Options {
  readonly output: Format
  readonly where?: string
  readonly order?: string
  readonly limit?: string
  readonly state?: string
  readonly type?: string
  readonly correlation?: string
  readonly newest?: boolean
  readonly watch?: boolean
}

/** `agenticos get KIND [NAME]`: lists of everything there is. */
export function get(program: Command, shell: Shell): void {
  withOutput(program.command('get'))
    .description('list sessions, nets, places, transitions, tokens, firings, effects, failed, executors, proposals, drafts, budgets, models, revisions or events')
    .addArgument(new Argument('<kind>', `one of ${KINDS.join(', ')}`))
    .argument('[name]', 'session, session/net or session/net/element that it is about')
    .option('--where <arcql>', "tokens: ArcQL condition, e.g. '$.ip == \"10.0.0.1\"'")
    .option('--order <arcql>', "tokens: ArcQL order, e.g. '$.priority DESC'")
    .option('--limit <n>', 'show so many at most')
    .option('--state <state>', 'effects and proposals: only those in this state (proposals: open, merged, closed, all)')
    .option('--type <type>', 'events: only of this type, e.g. token.put or transition')
    .option('--correlation <id>', 'firings and events: only of this correlation')
    .option('--newest', 'events: newest first')
    .addOption(new Option('-w, --watch', 'go on, and show what changes'))
    .action(async (word: string, name: string | undefined, options: Options) => {
      const kind = kindOf(word)
      if (kind === undefined) {
        const near = nearest(word, KINDS)
        usage(`there is no kind ${word} to get`, `${near ? `agenticos get ${near}` : `agenticos get ${KINDS[1]}`}; the kinds are ${KINDS.join(', ')}`)
      }
      const getter = GETTERS[kind]
      refuseOthers(kind, getter.options, options)
      const asked: GetOptions = {
        where: options.where, order: options.order, state: options.state, type: options.type, correlation: options.correlation,
        newest: options.newest === true, limit: options.limit === undefined ? undefined : wholeNumber(options.limit, '--limit', 1),
      }
      const fetchRows = () => getter.rows(shell, name, asked)
      if (options.watch) return watchList(shell, options.output, (now) => getter.view(now, name), fetchRows)
      const { rows, more } = await fetchRows()
      printList(shell, options.output, getter.view(Date.now(), name) as View<object>, rows)
      if (more) shell.warn(`only the first ${rows.length} are shown; --limit N shows more`)
    })
}

function refuseOthers(kind: string, takes: readonly string[], options: Options): void {
  for (const name of ['where', 'order', 'state', 'type', 'correlation', 'newest'] as const) {
    if (options[name] !== undefined && !takes.includes(name)) usage(`get ${kind} takes no --${name}`, `agenticos help get; it takes ${[...takes, 'limit'].map((one) => `--${one}`).join(', ')}`)
  }
}
