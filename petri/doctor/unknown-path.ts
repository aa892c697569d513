import { parsePath } from '../arcql/parse.js'
import { printPath, printSteps, type Path } from '../arcql/path.js'
import { nearest } from '../nearest.js'
import type { Expression } from './expression.js'
import type { Flaw, Rule } from './rule.js'
import { follow, type Shape } from './shape/shape.js'
import { META } from './shape/shapes.js'
import type { Subject } from './subject.js'

export const unknownPath: Rule = {
  code: 'unknown-path',
  level: 'warning',
  explanation: 'An expression reads a path that nothing can give: no schema, declared token, template or result on the way has it.',
  *check(subject): Iterable<Flaw> {
    for (const expression of subject.expressions) {
      yield* templates(subject, expression)
      const asked = expression.subject.length === 0 ? undefined : askedOf(subject, expression)
      for (const path of expression.subject) {
        const flaw = lead(path, asked)
        if (flaw) yield { path: expression.path, ...flaw }
      }
    }
    for (const [name, place] of Object.entries(subject.file.places ?? {})) {
      for (const text of place.key === undefined ? [] : typeof place.key === 'string' ? [place.key] : place.key) {
        const parsed = parsePath(text)
        const flaw = parsed.ok && parsed.value.base === 'data' ? lead(parsed.value, subject.shapes.place(`${subject.net.name}/${name}`)) : undefined
        if (flaw) yield { path: ['places', name, 'key'], ...flaw }
      }
    }
  },
}

function* templates({ shapes }: Subject, expression: Expression): Iterable<Flaw> {
  for (const use of expression.uses) {
    if (use.steps.length === 0 || use.root === 'credentials') continue
    const root = shapes.roots(expression.transition, expression.output)(use.root)
    // Unknown roots and params have findings of their own.
    if (!root || (use.root === 'params' && use.steps.length === 1)) continue
    const { missing } = follow(root, use.steps)
    if (!missing) continue
    const reached = `${use.root}${printSteps(use.steps.slice(0, missing.at))}`
    const fatal = missing.in.sure && !use.optional && expression.language === 'template'
    yield {
      path: [...expression.path, ...use.at],
      ...(fatal ? { level: 'error' as const } : {}),
      message: `${reached} never has ${JSON.stringify(missing.step)}${use.optional ? ', so the default always stands' : ''}; ${contents(missing.in)}.`,
      remedy: remedy(missing.step, missing.in),
    }
  }
}

/** What `$` is where a condition stands; undefined when that is not known. */
function askedOf({ shapes }: Subject, { transition, input, output, site }: Expression): Shape | undefined {
  if (input) return input.from === '_failed' ? undefined : shapes.place(input.address)
  if (output?.on === 'error') return shapes.roots(transition, output)('error')
  if (output?.each !== undefined) return shapes.item(transition, output.each)
  return site === 'when' || site === 'drop' ? shapes.result(transition) : undefined
}

function lead(path: Path, asked: Shape | undefined): Pick<Flaw, 'level' | 'message' | 'remedy'> | undefined {
  const shape = path.base === 'meta' ? META : asked
  const missing = shape && follow(shape, path.steps).missing
  if (!missing) return undefined
  const reached = printPath({ base: path.base, steps: path.steps.slice(0, missing.at) })
  return {
    ...(path.base === 'meta' ? { level: 'error' as const } : {}),
    message: `${reached} never has ${JSON.stringify(missing.step)}; ${contents(missing.in)}.`,
    remedy: remedy(missing.step, missing.in),
  }
}

function contents(shape: Shape): string {
  if (!shape.types.has('object')) return shape.types.size === 0 ? 'nothing comes there' : `it is a ${[...shape.types].join(' or ')}`
  const keys = [...shape.keys.keys()]
  if (keys.length === 0) return 'it has no keys'
  return `it has ${keys.slice(0, 12).join(', ')}${keys.length > 12 ? ` and ${keys.length - 12} more` : ''}`
}

function remedy(step: string | number, shape: Shape): string {
  const near = typeof step === 'string' ? nearest(step, shape.keys.keys()) : undefined
  if (near) return `Did you mean ${near}?`
  if (shape.types.has('list') && typeof step === 'string') return `Name an element ([0]), go through the list (map($.${step})), or use each on an output.`
  return shape.types.has('object') ? 'Name one of those, or let a producer (or the schema) give it.' : 'End the path where the value is, or let a producer give an object.'
}
