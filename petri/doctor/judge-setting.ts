import { hasErrors, type Finding } from '../finding.js'
import type { Draft } from '../net.js'
import type { SettingRule } from './setting-rule.js'

/** All findings of models.yaml or policy.yaml, in the order of the file; `sound`: none of them is an error. */
export function judgeSetting<File>(draft: Draft<File>, rules: readonly SettingRule<File>[]): { findings: Finding[]; sound: boolean } {
  const { file, value, position } = draft
  const findings = [...draft.findings]
  for (const { code, level, check } of rules) {
    for (const flaw of value === undefined ? [] : check(value)) {
      const element = flaw.element ?? String(flaw.path[0] === 'models' ? (flaw.path[1] ?? file) : (flaw.path[0] ?? file))
      findings.push({ code, level: flaw.level ?? level, file, ...position(flaw.path), element, message: flaw.message, remedy: flaw.remedy })
    }
  }
  findings.sort((a, b) => a.line - b.line || a.column - b.column || (a.code < b.code ? -1 : 1))
  return { findings, sound: value !== undefined && !hasErrors(findings) }
}
