import type { ModelsFile } from '../models.js'
import type { PolicyFile } from '../policy.js'
import type { Described, Flaw } from './rule.js'

/** A rule about one of the files of which there is one. */
export interface SettingRule<File> extends Described {
  readonly check: (file: File) => Iterable<Flaw>
}
export type ModelsRule = SettingRule<ModelsFile>
export type PolicyRule = SettingRule<PolicyFile>
