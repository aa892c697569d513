import { danglingArc } from './dangling-arc.js'
import type { Rule } from './rule.js'
import type { SessionRule } from './session-rule.js'

/** Every rule about a net, in the order in which docs/doctor.md has them. */
export const RULES: readonly Rule[] = [danglingArc]

/** Every rule about a session.yaml. */
export const SESSION_RULES: readonly SessionRule[] = []
