import { inputArcs } from './arcs.js'
import type { Flaw, Rule } from './rule.js'

export const scheduleReadMany: Rule = {
  code: 'schedule-read-many',
  level: 'warning',
  explanation: 'A scheduled transition reads one token of a place that has several: each tick would read the same, oldest one.',
  *check(subject): Iterable<Flaw> {
    for (const { transition, arc, path } of inputArcs(subject)) {
      const place = Object.hasOwn(subject.net.places, arc.from) ? subject.net.places[arc.from] : undefined
      if (!transition.schedule || !place || arc.mode !== 'read' || arc.take.form !== 'one' || arc.where !== undefined || arc.orderBy !== undefined) continue
      if (place.tokens.length < 2) continue
      yield {
        path,
        message: `Each tick reads the same one of the ${place.tokens.length} tokens of ${arc.from}.`,
        remedy: `Take all of them (take: all) and use each on the output, or say which one with where or orderBy.`,
      }
    }
  },
}
