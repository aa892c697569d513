import type { Place } from '../net.js'
import type { Flaw, Rule } from './rule.js'

export const placeLimits: Rule = {
  code: 'place-limits',
  level: 'warning',
  explanation: 'The limits of a place contradict one another or its declared tokens, so one of them never acts.',
  *check({ net }): Iterable<Flaw> {
    for (const place of Object.values(net.places)) {
      if (place.shares !== undefined) continue
      for (const flaw of contradictions(place)) yield { ...flaw, path: ['places', place.name, ...flaw.path] }
    }
  },
}

function* contradictions({ name, tokens, capacity, keep }: Place): Iterable<Flaw> {
  if (capacity !== undefined && tokens.length > capacity) {
    yield {
      path: ['capacity'], level: 'error',
      message: `${name} declares ${tokens.length} tokens and holds at most ${capacity}.`,
      remedy: `Raise capacity to ${tokens.length}, or declare fewer.`,
    }
  }
  if (keep !== undefined && tokens.length > keep) {
    yield {
      path: ['keep'],
      message: `${name} declares ${tokens.length} tokens and keeps ${keep}, so the oldest go at once.`,
      remedy: `Raise keep to ${tokens.length}, or declare fewer.`,
    }
  }
  if (keep !== undefined && capacity !== undefined) {
    const idle = keep <= capacity ? 'capacity is never reached' : 'keep never acts'
    yield {
      path: ['keep'],
      message: `${name} has capacity ${capacity} and keep ${keep}: ${idle}.`,
      remedy: 'Use capacity to make producers wait, or keep to let the oldest go; not both.',
    }
  }
  if (keep === 0) yield {
    path: ['keep'],
    message: `${name} keeps nothing: every token goes as it comes.`,
    remedy: 'Keep at least 1, or use drop on the transition that produces.',
  }
}
