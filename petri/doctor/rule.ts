import type { Level } from '../finding.js'
import type { Subject } from './subject.js'

/** What a rule says of one spot; the checker adds file, line and column. */
export interface Flaw {
  /** where it stands in the file: `['transitions', 'count', 'in', 'hit']` */
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly remedy: string
  /** when this one is graver or milder than the rule's own level */
  readonly level?: Level
  /** when it is not the place or transition that the path begins with */
  readonly element?: string
}

/** A thing that can be wrong: its row in docs/doctor.md, and how it is found. */
export interface Described {
  /** kebab-case; the name of its file */
  readonly code: string
  /** of most of its findings */
  readonly level: Level
  /** one sentence: what it finds and why that matters */
  readonly explanation: string
}

/** A rule about one net beside those it shares places with. */
export interface Rule extends Described {
  readonly check: (subject: Subject) => Iterable<Flaw>
}
