import { outputArcs } from './arcs.js'
import type { Flaw, Rule } from './rule.js'

export const toolsArc: Rule = {
  code: 'tools-arc',
  level: 'error',
  explanation: '`emit: tools` marks an arc that only an agent’s tools use, and the transition has no agent; or such an arc has a condition.',
  *check(subject): Iterable<Flaw> {
    for (const { transition, arc, path } of outputArcs(subject)) {
      if (!arc.tools) continue
      if (transition.kind !== 'agent') {
        yield {
          path: [...path, 'emit'],
          message: `${transition.name} is a ${transition.kind} transition and has no tools.`,
          remedy: 'Emit a value (`${result}` unless given), or make it an agent; for the text "tools" emit {text: tools}.',
        }
      } else if (arc.each !== undefined || arc.on === 'error' || arc.when !== 'always') {
        yield {
          path,
          message: 'The agent’s tools put here while it works; each and when are asked of its result.',
          remedy: 'Remove each and when from this arc.',
        }
      }
    }
  },
}
