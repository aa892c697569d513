import { Argument, type Command } from 'commander'
import { bashCompletion, zshCompletion } from '../completion-script.js'
import { KINDS } from '../getters.js'
import type { Shell } from '../shell.js'

/** `agenticos completion bash|zsh`: a script that completes commands, options and kinds. */
export function completion(program: Command, shell: Shell): void {
  program.command('completion')
    .description('print a completion script: source <(agenticos completion bash)')
    .addArgument(new Argument('<shell>', 'bash or zsh').choices(['bash', 'zsh']))
    .action((name: string) => shell.print(name === 'bash' ? bashCompletion(words(program)) : zshCompletion(words(program))))
}

/** Command path -> what may follow it: subcommands, options, and for `get` and `describe` the kinds. */
function words(program: Command): Map<string, string[]> {
  const table = new Map<string, string[]>()
  const visit = (command: Command, path: string): void => {
    const options = command.options.flatMap((option) => [option.long, option.short]).filter((flag): flag is string => flag !== undefined && flag !== null)
    const children = command.commands.map((child) => child.name())
    const kinds = path === 'get' || path === 'describe' ? [...KINDS] : []
    table.set(path, [...children, ...kinds, ...options, '--help'])
    for (const child of command.commands) visit(child, path === '' ? child.name() : `${path} ${child.name()}`)
  }
  visit(program, '')
  return table
}
