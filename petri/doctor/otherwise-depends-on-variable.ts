import { conditionRoots } from '../arcql/evaluate.js'
import { parseCondition } from '../arcql/parse.js'
import { inputArcs } from './arcs.js'
import type { Peer } from './peers.js'
import type { Flaw, Rule } from './rule.js'

export const otherwiseDependsOnVariable: Rule = {
  code: 'otherwise-depends-on-variable',
  level: 'error',
  explanation: 'An `otherwise` arc takes what no rival’s `where` wants, but a rival has no `where`, or one that depends on other tokens, so a token alone cannot tell.',
  *check(subject): Iterable<Flaw> {
    for (const { transition, arc, path } of inputArcs(subject)) {
      if (!arc.otherwise || arc.mode !== 'consume') continue
      for (const rival of subject.takers(arc.address)) {
        if (rival.arc === arc || rival.arc.mode !== 'consume' || rival.arc.otherwise) continue
        const reason = unclear(rival)
        if (!reason) continue
        const name = rival.net === subject.net ? rival.transition.name : `${rival.net.name}/${rival.transition.name}`
        const same = rival.transition === transition
        yield {
          path: [...path, 'otherwise'],
          message: `otherwise depends on ${same ? `the input ${rival.arc.variable}` : name}, which ${reason.message}.`,
          remedy: reason.remedy,
        }
      }
    }
  },
}

function unclear({ arc }: Peer): { message: string; remedy: string } | undefined {
  if (arc.where === undefined) return {
    message: `takes any token of ${arc.from}`,
    remedy: `Give that arc a where, or this one an inhibit arc instead of otherwise.`,
  }
  const parsed = parseCondition(arc.where)
  const root = parsed.ok ? [...conditionRoots(parsed.value)].find((name) => name !== 'params') : undefined
  if (root === undefined) return undefined
  return {
    message: `joins it with ${root}`,
    remedy: `Replace otherwise by an inhibit arc with the same join: other: {from: <the place of ${root}>, mode: inhibit, where: '$.key == \${x.key}'}.`,
  }
}
