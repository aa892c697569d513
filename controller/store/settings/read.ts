import type { Models } from '../../../petri/models.js'
import type { Policy } from '../../../petri/policy.js'
import type { Queryable } from '../database.js'

/** What models.yaml and policy.yaml of the applied commit say. */
export interface SettingsRow {
  /** '' before the first apply */
  readonly commit: string
  readonly models: Models
  readonly policy: Policy
}

export async function readSettings(db: Queryable): Promise<SettingsRow> {
  const rows = await db.query<{ commit: string; models: Partial<Models>; policy: Partial<Policy> }>(`select commit, models, policy from design.settings`, [], 'settings-read')
  const { commit = '', models = {}, policy = {} } = rows[0] ?? {}
  return { commit, models: { tiers: {}, models: {}, ...models }, policy: { approvals: [], agents: [], budgets: [], ...policy } }
}
