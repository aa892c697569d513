import { Command, CommanderError } from 'commander'
import { ProblemError, UnreachableError } from '../protocol/client.js'
import { COMMANDS } from './commands.js'
import { CliFailure } from './failure.js'
import { plain, plainLines } from './paint.js'
import type { Shell } from './shell.js'

/** Runs one command line; answers the exit code: 0 done, 1 failed, 2 findings or bad usage. */
export async function runCli(shell: Shell, args: readonly string[]): Promise<number> {
  const program = makeProgram(shell)
  try {
    if (args.length === 0) {
      program.outputHelp()
      return 0
    }
    await program.parseAsync([...args], { from: 'user' })
    shell.done()
    return shell.exit
  } catch (error) {
    shell.done()
    return tell(shell, error)
  }
}

/** The whole command tree, also read by `completion` and by the test of docs/cli.md. */
export function makeProgram(shell: Shell): Command {
  const program = new Command('agenticos')
    .description('Workflows and agents as Petri nets kept in git, run under control.')
    .usage('COMMAND [arguments]')
    .option('--server <url>', 'controller to talk to (AGENTICOS_SERVER; else the one of .agenticos here or above)')
    .option('--token <token>', 'access token (AGENTICOS_TOKEN; else that of the controller on this machine)')
    .version(shell.version, '--version', 'print the version')
    .helpCommand('help [command]', 'help for a command')
    .addHelpText('after', '\nThings are named session/net/place. Exit codes: 0 done, 1 failed, 2 findings or bad usage.\nManual: docs/cli.md')
    .showSuggestionAfterError(true)
  for (const add of COMMANDS) add(program, shell)
  program.hook('preAction', () => {
    const { server, token } = program.opts<{ server?: string; token?: string }>()
    if (server !== undefined) shell.asked.server = server
    if (token !== undefined) shell.asked.token = token
  })
  prepare(program, shell)
  return program
}

function prepare(command: Command, shell: Shell): void {
  command.exitOverride().allowExcessArguments(false).configureOutput({
    writeOut: (text) => void shell.out.write(text),
    writeErr: () => undefined,
    getOutHelpWidth: () => shell.out.columns ?? 100,
  })
  for (const child of command.commands) prepare(child, shell)
}

function tell(shell: Shell, error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0
    // commander's own words: "error: unknown command 'gte'\n(Did you mean get?)"
    const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n')
    return say(shell, first, rest.join(' ').replace(/^\(|\)$/g, '') || 'agenticos help lists the commands; agenticos help COMMAND tells its options', 2)
  }
  if (error instanceof CliFailure) return say(shell, error.message, error.next, error.exit)
  if (error instanceof ProblemError) {
    const { problem } = error
    const code = say(shell, problem.detail, problem.status === 401 ? `set AGENTICOS_TOKEN to one that works${shell.connection().token === undefined ? ' (none was sent)' : ''}; who holds one with the scope admin makes others: agenticos token create NAME --scope read` : problem.remedy, problem.findings === undefined ? 1 : 2)
    for (const finding of problem.findings ?? []) shell.warn(`  ${plain(finding.file)}:${finding.line}:${finding.column} ${finding.level} ${plain(finding.code)}: ${plain(finding.message)}`)
    return code
  }
  if (error instanceof UnreachableError) {
    return say(shell, error.message, `start the controller with "agenticos up", or name the right one with --server (this one came from ${shell.connection().source})`, 1)
  }
  if (shell.signal.aborted) return 130
  const message = error instanceof Error ? error.message : String(error)
  if (shell.env['AGENTICOS_DEBUG'] && error instanceof Error) shell.warn(error.stack ?? '')
  return say(shell, message, 'this is a fault of the program: set AGENTICOS_DEBUG=1 to see where, and report it', 1)
}

function say(shell: Shell, problem: string, next: string, exit: 1 | 2): number {
  shell.warn(`${shell.paintErr('red', 'error:')} ${plainLines(problem)}`)
  if (next !== '') shell.warn(`${shell.paintErr('cyan', 'try:')}   ${plainLines(next)}`)
  return exit
}
