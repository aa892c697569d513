import type { NetFile } from '../language.js'
import type { Draft, SessionConfig } from '../net.js'

/** What stands around a net while it is checked. */
export interface World {
  readonly config: SessionConfig
  /** a net of the same session */
  readonly net: (name: string) => Draft<NetFile> | undefined
  /** the nets of the session that share the place at `net/place` */
  readonly sharers: (address: string) => readonly Draft<NetFile>[]
  /** a net of another session */
  readonly other: (session: string, net: string) => Draft<NetFile> | undefined
  /** the executors that are known; absent when nobody can say */
  readonly executors?: readonly { readonly labels: Readonly<Record<string, string>> }[]
  /** the highest role that policy.yaml grants an agent of this session; absent when it says nothing */
  readonly role?: string
}

/** What may be said of the world beyond the files. */
export type Surroundings = Pick<World, 'executors' | 'role'>
