import { TIERS } from '../models.js'
import { nearest } from '../nearest.js'
import type { Flaw } from './rule.js'
import type { ModelsRule } from './setting-rule.js'

export const modelReference: ModelsRule = {
  code: 'model-reference',
  level: 'error',
  explanation: '`default`, a tier or a `fallback` names a model that models.yaml does not have, or a model falls back to itself.',
  *check({ models, default: first, tiers }): Iterable<Flaw> {
    const unknown = (name: string | undefined, path: Flaw['path'], what: string): Flaw[] => {
      if (name === undefined || Object.hasOwn(models, name)) return []
      const near = nearest(name, Object.keys(models))
      return [{ path, message: `${what} is ${name}, and there is no such model.`, remedy: near === undefined ? `Add ${name} under models, or name one of those there.` : `Did you mean ${near}?` }]
    }
    yield* unknown(first, ['default'], 'The default')
    for (const tier of TIERS) yield* unknown(tiers?.[tier], ['tiers', tier], `The tier ${tier}`)
    for (const [name, { fallback = [] }] of Object.entries(models)) {
      for (const [at, other] of fallback.entries()) {
        const path = ['models', name, 'fallback', at]
        yield* unknown(other, path, `A fallback of ${name}`)
        if (other === name) yield { path, message: `${name} falls back to itself.`, remedy: 'Name another model, or leave it out: failed calls are tried again anyway.' }
      }
    }
  },
}
