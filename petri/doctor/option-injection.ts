import { isObject, type Json } from '../json.js'
import { cut } from './cut.js'
import type { Flaw, Rule } from './rule.js'

export const optionInjection: Rule = {
  code: 'option-injection',
  level: 'warning',
  explanation: 'An argument begins with data: a value with a leading `-` would be an option, so the firing fails when one comes.',
  *check({ net }): Iterable<Flaw> {
    for (const transition of Object.values(net.transitions)) {
      if (transition.kind !== 'command' || !isObject(transition.action ?? undefined)) continue
      const at = ['transitions', transition.name, 'do']
      const { argv, pipeline } = transition.action as { argv?: readonly Json[]; pipeline?: readonly (readonly Json[])[] }
      if (argv) yield* words(argv, [...at, 'argv'])
      for (const [index, list] of (pipeline ?? []).entries()) yield* words(list, [...at, 'pipeline', index])
    }
  },
}

function* words(argv: readonly Json[], path: readonly (string | number)[]): Iterable<Flaw> {
  const end = argv.indexOf('--')
  for (const [index, word] of argv.entries()) {
    const first = typeof word === 'string' ? cut(word)?.[0] : undefined
    if (first?.form !== 'data' || first.fixed) continue
    if (index === 0) yield {
      path: [...path, 0],
      message: 'Data chooses the program that is run.',
      remedy: 'Name the program, and let data be its arguments; one transition with its own guard for each program.',
    }
    else if (end < 0 || end > index) yield {
      path: [...path, index],
      message: 'This argument begins with data, which may begin with a dash.',
      remedy: 'Put a literal -- before it, or write the option and the value in one word: --regexp=${...}.',
    }
  }
}
