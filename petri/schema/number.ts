import { remainder } from '../decimal.js'
import type { Json } from '../json.js'
import type { Compiler, Keyword, Keywords } from './compile.js'
import { fail } from './state.js'

function bound(holds: (value: number, limit: number) => boolean, words: string): Keyword {
  return (argument, _, compiler) => {
    const limit = numberOf(argument, compiler)
    return (value, state) => typeof value !== 'number' || holds(value, limit) || fail(state, `is ${value}, and ${words} ${limit} is expected`)
  }
}

function numberOf(argument: Json, compiler: Compiler): number {
  if (typeof argument !== 'number') throw compiler.fault(`${JSON.stringify(argument)} is no number`, 'write a number')
  return argument
}

/** The whole number from 0 that a keyword such as minLength takes. */
export function countOf(argument: Json, compiler: Compiler): number {
  if (!Number.isInteger(argument) || (argument as number) < 0) throw compiler.fault(`${JSON.stringify(argument)} is no count`, 'write a whole number from 0')
  return argument as number
}

export const numberKeywords: Keywords = {
  minimum: bound((value, limit) => value >= limit, 'at least'),
  maximum: bound((value, limit) => value <= limit, 'at most'),
  exclusiveMinimum: bound((value, limit) => value > limit, 'more than'),
  exclusiveMaximum: bound((value, limit) => value < limit, 'less than'),
  multipleOf(argument, _, compiler) {
    const step = numberOf(argument, compiler)
    if (step <= 0) throw compiler.fault('multipleOf is not above 0', 'write a number above 0')
    return (value, state) => typeof value !== 'number' || remainder(value, step) === 0 || fail(state, `is ${value}, and a multiple of ${step} is expected`)
  },
}
