import type { NetFile } from '../language.js'
import type { Draft, SessionConfig } from '../net.js'

/** What models.yaml says of a model: there is none at all, it does not have this one, or what calls of it cost. */
export type ModelState = 'none' | 'unknown' | 'free' | 'paid'

/** What stands around a net while it is checked. Whatever is absent or undefined, nobody can say. */
export interface World {
  readonly config: SessionConfig
  /** a net of the same session */
  readonly net: (name: string) => Draft<NetFile> | undefined
  /** the nets of the session that share the place at `net/place` */
  readonly sharers: (address: string) => readonly Draft<NetFile>[]
  /** a net of another session */
  readonly other: (session: string, net: string) => Draft<NetFile> | undefined
  /** the executors that are known */
  readonly executors?: readonly { readonly labels: Readonly<Record<string, string>> }[]
  /** the highest role that policy.yaml grants an agent of this session */
  readonly role?: () => string | undefined
  /** whether a budget of policy.yaml covers this session */
  readonly budgeted?: () => boolean | undefined
  /** of a name, a tier or (undefined) the default, with all that it falls back to */
  readonly model?: (name: string | undefined) => ModelState | undefined
  /** names and tiers of models.yaml */
  readonly modelNames?: () => readonly string[]
}

/** What may be said of the world beyond the files of nets. */
export type Surroundings = Pick<World, 'executors' | 'role' | 'budgeted' | 'model' | 'modelNames'>
