import type { Command } from 'commander'
import type { Shell } from '../shell.js'

/** `agenticos version`: this program's, and the server's when it answers. */
export function version(program: Command, shell: Shell): void {
  program.command('version')
    .description('print the version of this program and of the server')
    .option('--client', 'this program alone')
    .action(async ({ client }: { client?: boolean }) => {
      shell.print(`agenticos ${shell.version}  node ${process.version}`)
      if (client) return
      try {
        const { server } = shell.connection()
        const answer = await fetch(`${server}/livez`, { signal: AbortSignal.any([shell.signal, AbortSignal.timeout(2_000)]) })
        const told = (await answer.json()) as { version?: unknown }
        shell.print(`server    ${String(told.version ?? 'unknown')}  ${server}`)
      } catch {
        shell.print('server    does not answer')
      }
    })
}
