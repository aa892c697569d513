import type { Flaw, Rule } from './rule.js'

export const unroutableExecutor: Rule = {
  code: 'unroutable-executor',
  level: 'warning',
  explanation: 'No executor that is known carries all the labels a transition asks for, so its work would wait.',
  *check({ net, world }): Iterable<Flaw> {
    const { executors } = world
    if (!executors) return
    for (const transition of Object.values(net.transitions)) {
      const wanted = Object.entries(transition.executor)
      if (wanted.length === 0 || executors.some(({ labels }) => wanted.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value))) continue
      const text = wanted.map(([key, value]) => `${key}=${value}`).join(', ')
      yield {
        path: ['transitions', transition.name, 'executor'],
        message: `No executor has the labels ${text}.`,
        remedy: 'Start an executor with these labels, or ask for those of one that runs (agenticos get executors).',
      }
    }
  },
}
