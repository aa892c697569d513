import type { Command } from 'commander'
import type { Plan } from '../../petri/plan.js'
import { API } from '../../protocol/api.js'
import { usage } from '../failure.js'
import { finding, tally, type ShownFinding } from '../finding-line.js'
import { readChange } from '../local-change.js'
import { printedAsValue, withOutput, type Format } from '../output.js'
import { planLines } from '../proposal-text.js'
import { readNumber } from '../proposal-number.js'
import type { Shell } from '../shell.js'

interface Options {
  readonly output: Format
  readonly session?: string
  readonly prune?: boolean
  readonly exitCode?: boolean
}

interface Difference {
  readonly plan: Plan
  readonly findings: readonly ShownFinding[]
}

/** `agenticos diff`: what a change means, never how its text differs. */
export function diff(program: Command, shell: Shell): void {
  withOutput(program.command('diff'))
    .description('show what a change means: of files against main, of two paths (offline), of a proposal or draft, or of two commits')
    .argument('<what>', 'folder or file, proposal number, drafts/SESSION/KEY, or COMMIT..COMMIT')
    .argument('[other]', 'second folder or file: what it has instead of the first')
    .option('--session <name>', 'session that the files belong to, when their folder does not say')
    .option('--prune', 'sessions that the folder does not have count as removed')
    .option('--exit-code', 'exit 1 when there is a difference')
    .action(async (what: string, other: string | undefined, options: Options) => {
      const { plan, findings } = await differ(shell, what, other, options)
      const changed = plan.nets.length + plan.sessions.length > 0
      if (findings.some((one) => one.level === 'error')) shell.exit = 2
      else if (changed && options.exitCode) shell.exit = 1
      if (printedAsValue(shell, options.output, { plan, findings })) return
      for (const line of planLines(shell, plan)) shell.print(line)
      if (findings.length === 0) return
      shell.print(`\n${shell.paint('bold', `Findings: ${tally(findings)}`)}`)
      for (const one of findings) shell.print(finding(shell, one))
    })
}

async function differ(shell: Shell, what: string, other: string | undefined, options: Options): Promise<Difference> {
  if (other !== undefined) {
    const { checkLocal } = await import('../local-check.js')
    const [before, after] = [await readChange(shell, what, options.session, false), await readChange(shell, other, options.session ?? undefined, false)]
    const [from, to] = [await checkLocal(shell, before), await checkLocal(shell, alike(before, after))]
    const { planRepository } = await import('../../petri/plan.js')
    return { plan: planRepository(from.sessions, to.sessions), findings: to.findings }
  }
  if (/^(#|proposals?\/)?\d+$/.test(what)) {
    const one = await shell.client().call(API.getProposal, { params: { proposal: readNumber(what) } })
    return { plan: one.plan as unknown as Plan, findings: one.findings }
  }
  if (/^drafts\/[^/]+\/[^/.]+$/.test(what)) {
    const answer = await shell.client().call(API.compare, { query: { head: what } })
    return { plan: answer.plan as unknown as Plan, findings: answer.findings }
  }
  if (what.includes('..') && !/^\.{1,2}(\/|$)|\/\.\.(\/|$)/.test(what)) {
    const [base, head] = what.split('..') as [string, string]
    if (head === '') usage(`${what} names no second commit`, 'write COMMIT..COMMIT')
    const answer = await shell.client().call(API.compare, { query: { ...(base === '' ? {} : { base }), head } })
    return { plan: answer.plan as unknown as Plan, findings: answer.findings }
  }
  const change = await readChange(shell, what, options.session, options.prune === true)
  const body = { files: change.files.map(({ path, content }) => ({ path, content })), replace: [...change.replace] }
  const answer = await shell.client().call(API.plan, { body })
  return { plan: answer.plan as unknown as Plan, findings: answer.findings }
}

/** Two folders or files of one session each are compared as the same session, whatever their folders are called. */
function alike(before: Awaited<ReturnType<typeof readChange>>, after: typeof before): typeof before {
  const [from, to] = [before.sessions[0], after.sessions[0]]
  if (before.sessions.length !== 1 || after.sessions.length !== 1 || from === to) return after
  return { ...after, sessions: [from!], files: after.files.map((file) => ({ ...file, path: file.path.replace(`nets/${to}/`, `nets/${from}/`) })) }
}
