import { printPlan } from '../../../petri/plan-text.js'
import type { ProposedDraft } from '../../../tools/desk.js'
import { Refusal } from '../../../tools/tool.js'
import { briefly } from '../../../tools/finding-words.js'
import type { Actor } from '../../forge/commit.js'
import type { DraftName } from '../../forge/draft-name.js'
import type { DraftWords } from '../../forge/draft-propose.js'
import { netOf } from '../../forge/proposals/leave.js'
import { spentByFiring } from '../../store/calls/spent-by-firing.js'
import type { Context } from '../context.js'
import { enter, type Bound } from './bound.js'
import { noteOf } from './note.js'

/** Opens the proposal of a caller's draft, or moves it along; undefined when the draft changes nothing. One with errors is refused. */
export async function proposeDraft({ db, forge, tools }: Context, bound: Bound, name: DraftName, by: Actor, summary: string): Promise<ProposedDraft | undefined> {
  const { caller } = bound
  const verdict = await forge.drafts.verdict(name)
  if (!verdict || verdict.files.length === 0) return undefined
  for (const file of verdict.files) {
    const net = netOf(file)
    if (!net) throw new Refusal('draft-beyond-nets', `the draft changes ${file}, which is no net`, 'a person changes what is no net: agenticos propose')
    enter(bound, net.session)
  }
  const errors = verdict.findings.filter(({ level }) => level === 'error')
  if (errors.length > 0) {
    throw new Refusal('draft-has-errors', `the draft has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}, so it cannot be proposed: ${errors[0]!.message}`,
      'correct what the findings say (NET_DOCTOR with fix does the safe part), then call again', briefly(errors))
  }
  const proposed = await forge.drafts.propose(name, await wordsOf({ db }, bound, summary), by)
  if (!proposed) return undefined
  const { record, opened, moved } = proposed
  // the log of the session in which the work was done
  if (moved) await tools.book.write({ session: caller.firing?.session ?? caller.session, note: { ...noteOf(caller), type: 'proposal.opened', proposal: record.number, title: record.title, opened, files: verdict.files.slice(0, 100) } })
  const { mergeable, reason } = await forge.proposals.show(record.number)
  return { proposal: record.number, opened, title: record.title, mergeable, reason, diff: printPlan(verdict.plan) }
}

async function wordsOf({ db }: Pick<Context, 'db'>, { caller: { firing, name } }: Bound, summary: string): Promise<DraftWords> {
  const title = summary.trim().split('\n')[0]!.replace(/^#+\s*/, '').slice(0, 100)
  if (!firing) return { title, body: summary }
  const { session, net, transition, correlation, model, prompt } = firing
  return {
    title, body: '', origin: { agent: `${session}/${net}/${transition}`, session, conversation: correlation || name },
    request: { firing: firing.firing, model, prompt, summary, micros: await spentByFiring(db, session, firing.firing), at: new Date().toISOString() },
  }
}
