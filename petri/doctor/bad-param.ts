import { netFile } from '../language.js'
import { misfits } from '../misfit.js'
import type { Flaw, Rule } from './rule.js'

export const badParam: Rule = {
  code: 'bad-param',
  level: 'error',
  explanation: 'A param stands for the whole value of a key and has a value that the key does not take.',
  *check({ file, uses }): Iterable<Flaw> {
    const filled = new Map(uses.filter((use) => use.found).map((use) => [use.path.join('\0'), use]))
    if (filled.size === 0) return
    for (const fault of misfits(netFile, file)) {
      // A value that is an object may be wrong further inside.
      const at = fault.path.map((_, length) => fault.path.slice(0, length + 1).join('\0')).find((path) => filled.has(path))
      const use = at === undefined ? undefined : filled.get(at)
      if (use) yield {
        path: use.path,
        message: `params.${use.name} does not fit here: ${fault.message}.`,
        remedy: `Correct params.${use.name}, or write the value here.`,
      }
    }
  },
}
