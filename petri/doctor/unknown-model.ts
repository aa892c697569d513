import { nearest } from '../nearest.js'
import { askedModel } from './asked-model.js'
import type { Flaw, Rule } from './rule.js'

export const unknownModel: Rule = {
  code: 'unknown-model',
  level: 'error',
  explanation: 'A transition asks a model that models.yaml does not have, so its firing would fail.',
  *check({ net, world }): Iterable<Flaw> {
    for (const transition of Object.values(net.transitions)) {
      const asked = askedModel(transition)
      if (asked?.form !== 'name' || world.model?.(asked.name) !== 'unknown') continue
      const near = nearest(asked.name, world.modelNames?.() ?? [])
      yield {
        path: ['transitions', transition.name, 'do', 'model'],
        message: `models.yaml has no model ${asked.name}.`,
        remedy: near === undefined ? 'Name one of its models or tiers, add it there, or leave out model: the default is asked then.' : `Did you mean ${near}?`,
      }
    }
  },
}
