import { POLICY_RULES } from './doctor/doctor.js'
import { judgeSetting } from './doctor/judge-setting.js'
import type { Finding } from './finding.js'
import type { Draft } from './net.js'
import { policyOf, type Policy, type PolicyFile } from './policy.js'
import { readSetting } from './yaml/read.js'

/** policy.yaml with defaults written out; no `policy` where a finding of level error stands against it. */
export function readPolicy(file: string, text: string): { readonly policy: Policy | undefined; readonly findings: readonly Finding[] } {
  const draft = readSetting(file, text, 'Policy') as Draft<PolicyFile>
  const { findings, sound } = judgeSetting(draft, POLICY_RULES)
  return { policy: sound ? policyOf(draft.value!) : undefined, findings }
}
