import { isFree, resolveModel, TIERS, withFallbacks, type Models } from '../models.js'
import { policyBudgets, roleCeiling, type Policy } from '../policy.js'
import type { ModelState, Surroundings } from './world.js'

/** models.yaml and policy.yaml as nets of a session see them. `models`: null when there is no such file; undefined when it cannot be read. */
export function aroundOf(session: string, { models, policy }: { readonly models?: Models | null | undefined; readonly policy?: Policy | undefined }): Surroundings {
  return {
    ...(models === undefined ? {} : { model: (name) => stateOf(models, name), modelNames: () => namesOf(models) }),
    ...(policy === undefined ? {} : { role: () => roleCeiling(policy, session), budgeted: () => policyBudgets(policy, session).length > 0 }),
  }
}

function stateOf(models: Models | null, name: string | undefined): ModelState {
  if (models === null || Object.keys(models.models).length === 0) return 'none'
  const found = resolveModel(models, name)
  if (!found) return 'unknown'
  return withFallbacks(models, found).every(({ price }) => isFree(price)) ? 'free' : 'paid'
}

function namesOf(models: Models | null): string[] {
  return models === null ? [] : [...Object.keys(models.models), ...TIERS.filter((tier) => models.tiers[tier] !== undefined)]
}
