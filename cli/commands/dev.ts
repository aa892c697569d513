import type { Command } from 'commander'
import type { Shell } from '../shell.js'

/** `agenticos dev DIR [--apply]`: plan and findings at each save; with --apply it runs in a scratch session. */
export function dev(program: Command, shell: Shell): void {
  program.command('dev')
    .description('watch a folder: show plan and findings at each save, and run it in a scratch session with --apply')
    .argument('<folder>', 'folder of one session, or one with nets/<session>/')
    .option('--apply', 'run each clean save in a session of its own (scratch-NAME), apart from main')
    .option('--name <name>', 'name of the scratch session (default: that of the session)')
    .option('--session <name>', 'session that the files belong to, when their folder does not say')
    .option('--keep', 'leave the scratch session running at the end')
    .option('--once', 'look once and end')
    .action(async (folder: string, options: { apply?: boolean; name?: string; session?: string; keep?: boolean; once?: boolean }) =>
      (await import('../dev-loop.js')).watchFolder(shell, folder, {
        apply: options.apply === true, keep: options.keep === true, once: options.once === true,
        ...(options.name === undefined ? {} : { name: options.name }), ...(options.session === undefined ? {} : { session: options.session }),
      }))
}
