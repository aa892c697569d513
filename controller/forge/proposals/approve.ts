import { fail } from '../../errors.js'
import type { Actor } from '../commit.js'
import { matchingRules, mayApprove } from '../policy.js'
import type { Record } from './record.js'
import { plain } from './open.js'
import { change, mainOf, now, requireOpen, type Workshop } from './workshop.js'

/** Approves the head as it is now. Who may is said by policy.yaml of main, never by that of the proposal. */
export async function approve(shop: Workshop, number: number, by: Actor, comment: string): Promise<Record> {
  if (by.agent === true) fail('approval-refused', `${by.name} is an agent, and agents do not approve`, 'Ask a person.')
  return await change(shop, number, by, 'approved', async ({ record }) => {
    requireOpen(record)
    const base = await mainOf(shop.git)
    const [{ policy }, { files }] = [await shop.checker.check(base), await shop.judge(base, record.head)]
    const rules = matchingRules(policy, files)
    if (rules.length > 0 && !rules.some((rule) => mayApprove(rule, record.by, { by: by.name })))
      fail('approval-refused', by.name === record.by && rules.some((rule) => mayApprove(rule, '', { by: by.name }))
        ? `${by.name} made this proposal, and the policy of main does not count one’s own approval`
        : `the policy of main does not let ${by.name} approve ${files[0] ?? 'this'}`, `It wants: ${rules.map((rule) => (rule.by ?? ['anyone']).join(' or ')).join('; ')}.`)
    if (record.approvals.some((one) => one.by === by.name && one.head === record.head)) return undefined
    return { ...record, approvals: [...record.approvals, { by: by.name, at: now(), comment: plain(comment), head: record.head }] }
  })
}
