import type { Command } from 'commander'
import { API } from '../../protocol/api.js'
import { usage } from '../failure.js'
import { finding, tally } from '../finding-line.js'
import { readChange } from '../local-change.js'
import { printedAsValue, withOutput, type Format } from '../output.js'
import { proposalLine } from '../proposal-text.js'
import { mergeWhenAble } from '../merge-wait.js'
import type { Shell } from '../shell.js'

interface Options {
  readonly output: Format
  readonly title?: string
  readonly message: string
  readonly branch?: string
  readonly prune?: boolean
  readonly session?: string
  readonly merge?: boolean
  readonly wait?: boolean
}

/** `agenticos propose DIR` or `--branch B`: opens a proposal. */
export function propose(program: Command, shell: Shell): void {
  withOutput(program.command('propose'))
    .description('open a proposal, from a folder or file of nets, or from a pushed branch')
    .argument('[path]', 'folder with nets/<session>/..., a folder of one session, or a net file')
    .option('-t, --title <text>', 'title')
    .option('-m, --message <text>', 'why', '')
    .option('--branch <name>', 'propose a pushed branch instead')
    .option('--session <name>', 'session that the files belong to, when their folder does not say')
    .option('--prune', 'remove sessions that the folder does not have')
    .option('--merge', 'merge it at once, if that is allowed')
    .option('--wait', 'with --merge: until it is applied')
    .action(async (path: string | undefined, options: Options) => {
      if ((path === undefined) === (options.branch === undefined)) usage('propose takes a folder or file, or --branch', 'agenticos propose DIR -t "what it changes", or agenticos propose --branch NAME')
      const body = path === undefined
        ? { title: options.title ?? options.branch!, body: options.message, branch: options.branch! }
        : await fromFiles(shell, path, options)
      const opened = await shell.client().call(API.openProposal, { body })
      if (options.merge) return mergeWhenAble(shell, opened.number, '', options.wait === true, options.output)
      if (printedAsValue(shell, options.output, opened)) return
      if (options.output === 'name') return shell.print(`proposal/${opened.number}`)
      shell.print(proposalLine(shell, opened))
      if (opened.errors + opened.warnings === 0) return
      const { findings } = await shell.client().call(API.getProposal, { params: { proposal: opened.number } })
      shell.print(`${tally(findings)}:`)
      for (const found of findings) shell.print(finding(shell, found))
    })
}

async function fromFiles(shell: Shell, path: string, options: Options) {
  const change = await readChange(shell, path, options.session, options.prune === true)
  return { title: options.title ?? `Change ${(change.sessions.length > 0 ? change.sessions : change.files.map(({ path: at }) => at)).join(', ')}`, body: options.message, files: change.files.map(({ path: at, content }) => ({ path: at, content })), replace: [...change.replace] }
}
