import type { Flaw, Rule } from './rule.js'

export const notYetRunnable: Rule = {
  code: 'not-yet-runnable',
  level: 'info',
  explanation: 'A transition is of a kind, or has a key, whose runtime is not there yet: it is checked and shown as Stalled, and does not fire.',
  *check({ net }): Iterable<Flaw> {
    for (const { transition, message } of net.stalled) {
      yield {
        path: ['transitions', transition],
        message: `${transition} does not fire: ${message}.`,
        remedy: 'Nothing to do: the rest of the net runs, and this will with a later version.',
      }
    }
  },
}
