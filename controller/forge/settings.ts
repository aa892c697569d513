import type { Finding } from '../../petri/finding.js'
import type { Models } from '../../petri/models.js'
import { readModels } from '../../petri/models-read.js'
import { OPEN_POLICY, type Policy } from '../../petri/policy.js'
import { readSetting } from '../../petri/yaml/read.js'
import type { Blobs } from './blobs.js'
import type { Layout } from './layout.js'
import { policyIn } from './policy.js'

/** What a tree says besides its nets: policy.yaml, models.yaml, executors/*.yaml. */
export interface Settings {
  readonly policy: Policy
  /** policy.yaml has errors: what it means to say of nets, nobody knows */
  readonly broken: boolean
  /** null when there is no models.yaml; undefined when it has errors */
  readonly models: Models | null | undefined
  readonly findings: readonly Finding[]
}

export async function readSettings(blobs: Blobs, { policy, models, executors }: Layout): Promise<Settings> {
  const read = async (blob: string): Promise<string> => (await blobs.read(blob)).toString('utf8')
  const said = policy ? policyIn(await read(policy.blob)) : { policy: OPEN_POLICY, broken: false, findings: [] }
  const asked = models ? readModels(models.path, await read(models.blob)) : { models: null, findings: [] }
  const others = await Promise.all(executors.map(async ({ path, blob }) => readSetting(path, await read(blob), 'Executor').findings))
  return { policy: said.policy, broken: said.broken, models: asked.models, findings: [...said.findings, ...asked.findings, ...others.flat()] }
}
