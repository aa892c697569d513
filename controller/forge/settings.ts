import type { Finding } from '../../petri/finding.js'
import { readSetting } from '../../petri/yaml/read.js'
import type { Blobs } from './blobs.js'
import type { Layout } from './layout.js'
import { OPEN_POLICY, readPolicy, type Policy } from './policy.js'

/** What a tree says besides its nets: policy.yaml, models.yaml, executors/*.yaml. */
export interface Settings {
  readonly policy: Policy
  readonly findings: readonly Finding[]
}

export async function readSettings(blobs: Blobs, { policy, models, executors }: Layout): Promise<Settings> {
  const read = async (blob: string): Promise<string> => (await blobs.read(blob)).toString('utf8')
  const said = policy ? readPolicy(await read(policy.blob)) : OPEN_POLICY
  const others = await Promise.all([...(models ? [models] : []), ...executors].map(async ({ path, blob }) => readSetting(path, await read(blob)).findings))
  return { policy: said, findings: [...said.findings, ...others.flat()] }
}
