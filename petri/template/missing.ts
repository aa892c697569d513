import { printSteps, readSteps, type Step } from '../arcql/path.js'
import { isObject, type Json } from '../json.js'
import { nearest } from '../nearest.js'
import type { Roots } from '../template.js'
import { FunctionFault, typeOf } from './function.js'

const SHOWN = 12

/** Says at which step a path ends, what is there instead and which key was probably meant. */
export function missing(root: string, steps: readonly Step[], roots: Roots): FunctionFault {
  const start = roots(root)
  if (start === undefined) {
    return new FunctionFault(`there is no ${JSON.stringify(root)} here`, 'the roots are the input variables, _ and a variable for its _meta, params, and result, error, item or _firing where they exist')
  }
  let length = 0
  while (length < steps.length && readSteps(steps.slice(0, length + 1), start) !== undefined) length++
  const reached = `${root}${printSteps(steps.slice(0, length))}`
  const wanted = steps[length]!
  const found = readSteps(steps.slice(0, length), start)!
  const near = typeof wanted === 'string' && isObject(found) ? nearest(wanted, Object.keys(found)) : undefined
  const whole = `${root}${printSteps(steps)}`
  const instead = `\${${whole} | default(...)} says what stands for it when it is missing`
  return new FunctionFault(
    `${reached} has no ${typeof wanted === 'number' ? `[${wanted}]` : JSON.stringify(wanted)}; ${contents(found)}`,
    near === undefined ? instead : `did you mean ${reached}${printSteps([near])}? ${instead}`,
  )
}

function contents(value: Json): string {
  if (Array.isArray(value)) return `it is a list of ${value.length}`
  if (!isObject(value)) return `it is ${value === null ? 'null' : `a ${typeOf(value)}`}`
  const keys = Object.keys(value)
  if (keys.length === 0) return 'it has no keys'
  return `it has ${keys.slice(0, SHOWN).map((key) => (key.length > 40 ? `${key.slice(0, 40)}...` : key)).join(', ')}${keys.length > SHOWN ? ` and ${keys.length - SHOWN} more` : ''}`
}
