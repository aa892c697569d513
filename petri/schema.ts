import type { Json } from './json.js'
import { attempt, type Parsed } from './parsed.js'
import { compileRoot } from './schema/compile.js'
import { type Misfit, OverBudget, type State } from './schema/state.js'

export type { Misfit } from './schema/state.js'

/** Steps that one check may take: a schema whose choices multiply ends in a misfit instead of a stand-still. */
const BUDGET = 10_000_000
const MAX_ERRORS = 20

/**
 * Compiles a JSON Schema (2020-12) to closures: RE2 patterns, local `$ref` alone, `format` annotates, unknown keywords
 * are refused. What it gives lists what is wrong with a value; an empty list is a fit.
 */
export function compileSchema(schema: Json): Parsed<(value: Json) => readonly Misfit[]> {
  const at: (string | number)[] = []
  const compiled = attempt(() => compileRoot(schema, at), at)
  if (!compiled.ok) return compiled
  const { check } = compiled.value
  return {
    ok: true,
    value(value) {
      const errors: Misfit[] = []
      const state: State = { steps: BUDGET, errors: undefined, path: [] }
      try {
        // most values fit, and asking without collecting is quicker
        if (check(value, state)) return errors
        state.errors = errors
        state.steps = BUDGET
        check(value, state)
      } catch (error) {
        if (!(error instanceof OverBudget)) throw error
        errors.push({ path: '$', message: `checking takes over ${BUDGET.toLocaleString('en')} steps: the schema tries too many choices` })
      }
      return errors.slice(0, MAX_ERRORS)
    },
  }
}
