import type { Json } from '../json.js'
import { compileSchema } from '../schema.js'
import { fill, parseTemplate } from '../template.js'
import { outputArcs } from './arcs.js'
import type { Flaw, Rule } from './rule.js'
import { schemaShape } from './shape/schema-shape.js'
import type { Shape } from './shape/shape.js'

export const schemaMismatch: Rule = {
  code: 'schema-mismatch',
  level: 'warning',
  explanation: 'What a transition emits does not fit the schema of the place it emits to, so its firing would fail.',
  *check(subject): Iterable<Flaw> {
    for (const { transition, arc, path } of outputArcs(subject)) {
      const place = Object.hasOwn(subject.net.places, arc.to) ? subject.net.places[arc.to] : undefined
      if (place?.schema === undefined || arc.tools) continue
      const where = [...path, 'emit']
      const wrong = constant(arc.emit, place.schema) ?? misfit(subject.shapes.emitted(transition, arc), schemaShape(place.schema), '')
      if (!wrong) continue
      yield {
        path: where,
        ...(wrong.sure ? { level: 'error' as const } : {}),
        message: `What goes to ${arc.to} does not fit its schema: ${wrong.message}.`,
        remedy: 'Correct emit (or the template that makes the result), or the schema.',
      }
    }
  },
}

interface Wrong {
  readonly message: string
  readonly sure: boolean
}

/** A template without `${}` can be judged by the schema itself. */
function constant(emit: Json, schema: Json): Wrong | undefined {
  if (emit === '${result}') return undefined
  const template = parseTemplate(emit)
  const compiled = template.ok && template.value.constant ? compileSchema(schema) : undefined
  const wrong = template.ok && compiled?.ok ? compiled.value(fill(template.value, () => undefined))[0] : undefined
  return wrong && { message: `${wrong.path} ${wrong.message}`.trim(), sure: true }
}

/** Why nothing of one shape can fit another, when that is certain as far as the shape is. */
function misfit(given: Shape, wanted: Shape, at: string): Wrong | undefined {
  if (given.any || wanted.any || given.types.size === 0) return undefined
  const name = at === '' ? 'it' : at
  if (![...given.types].some((type) => wanted.types.has(type))) {
    return { message: `${name} is a ${[...given.types].join(' or ')}, not a ${[...wanted.types].join(' or ')}`, sure: given.sure }
  }
  // Only where all that comes is an object does each wrong key tell.
  if (given.types.size > 1 || !given.types.has('object')) return undefined
  for (const [key, { always, shape }] of wanted.keys) {
    const own = given.keys.get(key)
    if (!own) {
      if (always && !given.open) return { message: `${name} never has ${key}, which is required`, sure: given.sure }
    } else if (own.always) {
      const inner = misfit(own.shape, shape, at === '' ? key : `${at}.${key}`)
      if (inner) return { ...inner, sure: inner.sure && given.sure }
    }
  }
  if (!wanted.open) {
    for (const [key, { always }] of given.keys) {
      if (always && !wanted.keys.has(key)) return { message: `${name} has ${key}, which the schema does not allow`, sure: given.sure }
    }
  }
  return undefined
}
