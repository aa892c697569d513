import type { Queryable } from '../database.js'
import type { SettingsRow } from './read.js'

/** Puts what a commit says beside nets; in the transaction that applies them. */
export async function writeSettings(tx: Queryable, { commit, models, policy }: SettingsRow): Promise<void> {
  await tx.query(
    `insert into design.settings (one, commit, models, policy, updated_at) values (true, $1, $2, $3, now())
     on conflict (one) do update set commit = excluded.commit, models = excluded.models, policy = excluded.policy, updated_at = now()`,
    [commit, JSON.stringify(models), JSON.stringify(policy)])
}
