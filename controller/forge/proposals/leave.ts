import { agentMayMerge, agentReaches, type Policy } from '../../../petri/policy.js'
import { fail } from '../../errors.js'
import { draftBranch, type DraftName } from '../draft-name.js'
import { isName } from '../ref-name.js'
import type { Record } from './record.js'

/** What an agent that deploys stands on: its session and its own draft. Whether policy lets it is asked at the merge. */
export interface Leave {
  readonly session: string
  readonly draft: DraftName
}

/** The rules of main's policy by which an agent may merge this, for the record. Refused unless they cover every file of it. */
export function leaveOf(policy: Policy, record: Record, files: readonly string[], { session, draft }: Leave): string {
  if (record.branch !== draftBranch(draft)) fail('approval-refused', `proposal ${record.number} is not this agent’s own draft`, 'Ask a person to merge it.')
  const rules = files.map((file) => {
    const net = netOf(file)
    if (net === undefined) return fail('approval-refused', `${file} is no net, and agents merge nothing else`, `Ask a person: agenticos merge ${record.number}.`)
    const rule = agentReaches(policy, session, net.session) ? agentMayMerge(policy, session, `${net.session}/${net.net}`) : undefined
    return rule ?? fail('approval-refused', `the policy of main does not let agents of ${session} merge ${net.session}/${net.net}`, `Ask a person: agenticos merge ${record.number}.`)
  })
  return [...new Set(rules)].join(', ')
}

/** The net that a file is; undefined for session.yaml, policy.yaml, models.yaml and whatever else. */
export function netOf(file: string): { readonly session: string; readonly net: string } | undefined {
  const [, session = '', net = ''] = /^nets\/([^/]+)\/([^/]+)\.(?:yaml|pnml)$/.exec(file) ?? []
  return isName(session) && isName(net) && net !== 'session' ? { session, net } : undefined
}
