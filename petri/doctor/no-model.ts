import { askedModel } from './asked-model.js'
import type { Flaw, Rule } from './rule.js'

export const noModel: Rule = {
  code: 'no-model',
  level: 'info',
  explanation: 'A transition asks a model and the repository has no models.yaml, or one without models: until it does, its firings fail.',
  *check({ net, world }): Iterable<Flaw> {
    for (const transition of Object.values(net.transitions)) {
      const asked = askedModel(transition)
      if (!asked || world.model?.(asked.form === 'name' ? asked.name : undefined) !== 'none') continue
      yield {
        path: ['transitions', transition.name],
        message: `${transition.name} asks a model, and models.yaml has none.`,
        remedy: 'Propose a models.yaml beside nets/; docs/models.md has one to begin with.',
      }
    }
  },
}
