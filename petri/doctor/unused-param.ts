import type { Flaw, Rule } from './rule.js'

export const unusedParam: Rule = {
  code: 'unused-param',
  level: 'warning',
  explanation: 'A param of the net is used nowhere in it, so changing it changes nothing.',
  *check({ file, uses, expressions }): Iterable<Flaw> {
    const names = Object.keys(file.params ?? {})
    if (names.length === 0) return
    const used = new Set(uses.map((use) => /^[^.[]+/.exec(use.name)?.[0]))
    for (const expression of expressions) {
      if (expression.misread) return
      for (const { root, steps } of expression.uses) {
        if (root !== 'params') continue
        if (typeof steps[0] !== 'string') return
        used.add(steps[0])
      }
    }
    for (const name of names) {
      if (!used.has(name)) yield {
        path: ['params', name],
        message: `Nothing in the net names params.${name}.`,
        remedy: `Remove ${name}, or use \${params.${name}}.`,
      }
    }
  },
}
