import { stat } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { API } from '../../protocol/api.js'
import { readAddress } from '../address.js'
import { finding, tally, type ShownFinding } from '../finding-line.js'
import { readChange } from '../local-change.js'
import { printedAsValue, withOutput, type Format } from '../output.js'
import type { Shell } from '../shell.js'

/** `agenticos doctor FILE|DIR|NET`: what is wrong with nets; exit 2 on errors. */
export function doctor(program: Command, shell: Shell): void {
  withOutput(program.command('doctor'))
    .description('check net files (offline), or an applied net')
    .argument('<what>', 'net file, folder with nets/<session>/, folder of one session, or SESSION/NET')
    .option('--session <name>', 'session that the files belong to, when their folder does not say')
    .option('--strict', 'exit 2 on warnings, too')
    .action(async (what: string, options: { output: Format; session?: string; strict?: boolean }) => {
      const { findings, about } = await examine(shell, what, options.session)
      const failing = findings.some((one) => one.level === 'error' || (options.strict === true && one.level === 'warning'))
      if (failing) shell.exit = 2
      if (printedAsValue(shell, options.output, { findings })) return
      for (const one of findings) shell.print(options.output === 'name' ? `${one.file}:${one.line}:${one.column}` : finding(shell, one))
      if (options.output !== 'name') shell.print(findings.length === 0 ? `${about}: ${shell.paint('green', 'clean')}` : `${about}: ${tally(findings)}`)
    })
}

async function examine(shell: Shell, what: string, session: string | undefined): Promise<{ findings: readonly ShownFinding[]; about: string }> {
  // the checker is large: only what needs it waits for it
  const { checkLocal } = await import('../local-check.js')
  const full = resolve(shell.cwd, what)
  const found = await stat(full).catch(() => undefined)
  if (!found && /^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/.test(what)) {
    const { session: of, net } = readAddress(what, 2, 2, 'SESSION/NET')
    const one = await shell.client().call(API.getNet, { params: { session: of, net: net! } })
    return { findings: one.findings, about: what }
  }
  if (found?.isFile()) {
    // its session's other nets say what it shares; only what is wrong with the file itself is told
    const own = await readChange(shell, what, session, false)
    const folder = own.sessions.length === 0 ? own : await readChange(shell, dirname(full), own.sessions[0], false)
    const alone = folder.files.some((file) => file.file === full) ? folder : own
    const { findings } = await checkLocal(shell, alone)
    const name = relative(shell.cwd, full)
    return { findings: findings.filter((one) => one.file === name), about: what }
  }
  const change = await readChange(shell, what, session, false)
  const { findings } = await checkLocal(shell, change)
  const nets = change.files.filter((file) => file.path.startsWith('nets/')).length
  return { findings, about: `${what} (${nets} ${nets === 1 ? 'file' : 'files'})` }
}
