import type { Json } from '../json.js'
import { parsePattern, type Pattern } from '../pattern.js'
import type { Compiler, Keywords } from './compile.js'
import { countOf } from './number.js'
import { fail } from './state.js'

export function patternOf(source: Json, compiler: Compiler): Pattern {
  if (typeof source !== 'string') throw compiler.fault(`${JSON.stringify(source)} is no pattern`, 'write it as a text')
  const pattern = parsePattern(source)
  if (!pattern.ok) throw compiler.fault(pattern.message, pattern.remedy)
  return pattern.value
}

function points(text: string): number {
  let count = text.length
  for (let index = 1; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit >= 0xdc00 && unit <= 0xdfff) count--
  }
  return count
}

export const textKeywords: Keywords = {
  minLength(argument, _, compiler) {
    const least = countOf(argument, compiler)
    return (value, state) => typeof value !== 'string' || points(value) >= least || fail(state, `has ${points(value)} characters, and at least ${least} are expected`)
  },
  maxLength(argument, _, compiler) {
    const most = countOf(argument, compiler)
    return (value, state) => typeof value !== 'string' || value.length <= most || points(value) <= most || fail(state, `has ${points(value)} characters, and at most ${most} are expected`)
  },
  pattern(argument, _, compiler) {
    const pattern = patternOf(argument, compiler)
    return (value, state) => typeof value !== 'string' || pattern.test(value) || fail(state, pattern.overworked(value) ? `is too long to be asked for /${pattern.source}/` : `does not match /${pattern.source}/`)
  },
}
