import { own } from '../json.js'
import type { Keywords } from './compile.js'
import { schemasOf } from './list.js'
import { fail, quietly } from './state.js'

export const combineKeywords: Keywords = {
  allOf(argument, _, compiler) {
    const nodes = schemasOf(argument, compiler, 'same')
    return (value, state) => {
      let ok = true
      for (const node of nodes) ok = node.check(value, state) && ok
      return ok
    }
  },
  anyOf(argument, _, compiler) {
    const nodes = schemasOf(argument, compiler, 'same')
    return (value, state) => nodes.some((node) => quietly(node, value, state)) || fail(state, `fits none of the ${nodes.length} schemas of anyOf`)
  },
  oneOf(argument, _, compiler) {
    const nodes = schemasOf(argument, compiler, 'same')
    return (value, state) => {
      let fitting = 0
      for (const node of nodes) if (quietly(node, value, state)) fitting++
      return fitting === 1 || fail(state, `fits ${fitting === 0 ? 'none' : fitting} of the ${nodes.length} schemas of oneOf, and exactly one is expected`)
    }
  },
  not(argument, _, compiler) {
    const node = compiler.child(argument, [], 'same')
    return (value, state) => !quietly(node, value, state) || fail(state, 'fits the schema under not')
  },
  if(argument, schema, compiler) {
    const test = compiler.child(argument, [], 'same')
    const [yes, no] = (['then', 'else'] as const).map((name) => own(schema, name))
    return (value, state) => {
      const branch = quietly(test, value, state) ? yes : no
      return branch === undefined || compiler.lookup(branch).check(value, state)
    }
  },
  then: (argument, _, compiler) => void compiler.child(argument, [], 'same'),
  else: (argument, _, compiler) => void compiler.child(argument, [], 'same'),
}
