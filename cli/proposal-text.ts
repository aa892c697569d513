import type { Plan } from '../petri/plan.js'
import { printPlan } from '../petri/plan-text.js'
import type { ProposalAnswer, ProposalDetail } from '../protocol/api/change.js'
import { age } from './age.js'
import { finding, tally } from './finding-line.js'
import { plain, plainLines } from './paint.js'
import type { Shell } from './shell.js'

/** One line on where a proposal stands and what to type next. */
export function proposalLine(shell: Shell, one: ProposalAnswer): string {
  const head = `proposal ${one.number} ${shell.paint(one.state === 'closed' ? 'yellow' : one.state === 'merged' ? 'green' : 'cyan', one.state)}: ${plain(one.title)}`
  if (one.state === 'merged') return `${head}  ${one.merged?.commit.slice(0, 10) ?? ''}`
  if (one.state === 'closed') return head
  return one.mergeable ? `${head}\n  it can be merged: agenticos merge ${one.number}` : `${head}\n  not yet: ${plain(one.reason)}`
}

/** Everything about a proposal, for `describe` and `diff N`. */
export function proposalText(shell: Shell, one: ProposalDetail, now: number): string[] {
  const lines = [proposalLine(shell, one), '']
  const line = (head: string, text: string) => lines.push(`${`${head}:`.padEnd(11)} ${text}`)
  line('By', `${plain(one.by)}, ${age(one.createdAt, now)} ago`)
  if (one.origin) {
    const { agent, firing, model, conversation, usd, requests, prompt } = one.origin
    line('Agent', plain(`${agent}, firing ${firing}${model === '' ? '' : `, model ${model}`}`))
    line('Cost', `${usd.toFixed(6)} USD so far${requests > 1 ? `, ${requests} requests` : ''}`)
    line('Asked', plain(prompt.replace(/\s+/g, ' ').slice(0, 200)))
    line('Thread', plain(conversation))
  } else if (one.agent) line('Agent', 'yes: its proposer is an agent')
  if (one.branch !== '') line('Branch', plain(one.branch))
  line('Base', one.base.slice(0, 10))
  line('Head', one.head.slice(0, 10))
  line('Approved', one.approvals.length === 0 ? 'by nobody yet' : one.approvals.map((approval) => `${plain(approval.by)}${approval.comment === '' ? '' : ` (${plain(approval.comment)})`}`).join(', '))
  if (one.merged) line('Merged', `${one.merged.commit.slice(0, 10)} by ${plain(one.merged.by)}, ${age(one.merged.at, now)} ago`)
  if (one.body.trim() !== '') lines.push('', ...plainLines(one.body.trim()).split('\n').map((text) => `  ${text}`))
  lines.push('', ...planLines(shell, one.plan as unknown as Plan))
  if (one.landing.length > 0) lines.push('', shell.paint('bold', 'Live tokens'), ...one.landing.map((land) => `  ${land.place}: ${land.tokens} ${land.fate}`))
  if (one.findings.length > 0) lines.push('', shell.paint('bold', `Findings: ${tally(one.findings)}`), ...one.findings.map((found) => finding(shell, found)))
  if (one.comments.length > 0) lines.push('', shell.paint('bold', 'Comments'), ...one.comments.flatMap((comment) => [`  ${plain(comment.by)}, ${age(comment.at, now)} ago`, ...plainLines(comment.text).split('\n').map((text) => `    ${text}`)]))
  return lines
}

/** The semantic diff as text. */
export function planLines(shell: Shell, plan: Plan): string[] {
  return printPlan(plan, { colour: shell.paint('bold', 'x') !== 'x' }).trimEnd().split('\n')
}
