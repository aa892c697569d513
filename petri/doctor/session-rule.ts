import type { SessionFile } from '../language.js'
import type { Draft, SessionConfig } from '../net.js'
import type { Described, Flaw } from './rule.js'

/** A rule about a session.yaml. */
export interface SessionRule extends Described {
  readonly check: (file: SessionFile, config: SessionConfig, draft: Draft<SessionFile>) => Iterable<Flaw>
}
