import type { Database } from '../store/database.js'
import { currentGenerations, type Current } from '../store/generations/current.js'
import { readSeals } from '../store/nets/seals.js'
import { readRepository, type RepositoryRow } from '../store/repository/read.js'
import { readSettings, type SettingsRow } from '../store/settings/read.js'

/** What the tables say is to run. */
export interface Standing {
  readonly repository: RepositoryRow
  readonly current: ReadonlyMap<string, Current>
  /** `session net identity` -> hash of the definition that the table holds */
  readonly seals: ReadonlyMap<string, string>
  readonly settings: SettingsRow
}

export const sealKey = (one: { readonly session: string; readonly net: string; readonly identity: string }): string => `${one.session} ${one.net} ${one.identity}`

/** The repository row comes first: whoever changes something after it is noticed at the apply. */
export async function read(db: Database): Promise<Standing> {
  const repository = await readRepository(db)
  const current = await currentGenerations(db)
  const seals = await readSeals(db)
  const settings = await readSettings(db)
  return { repository, settings, current: new Map(current.map((one) => [one.session, one])), seals: new Map(seals.map((one) => [sealKey(one), one.seal])) }
}
