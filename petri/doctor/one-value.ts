import type { Flaw, Rule } from './rule.js'

export const oneValue: Rule = {
  code: 'one-value',
  level: 'error',
  explanation: '`each`, `take` and `cost` need a list or a number, and a text without `${}`, or with more around it, is always text.',
  *check({ expressions }): Iterable<Flaw> {
    for (const { site, path, template, transition, output } of expressions) {
      const wanted = site === 'each' ? 'a list' : site === 'take' || site === 'cost' ? 'a number' : undefined
      const source = template?.source
      if (wanted === undefined || typeof source !== 'string' || !template) continue
      const inside = source.trim().slice(2, -1).trim()
      if (!template.constant && source.startsWith('${') && source.endsWith('}') && template.paths.some(({ text }) => text === inside)) continue
      const example = site === 'each' ? '${result.items}' : site === 'cost' ? '${result.value.usd}' : '${order.count}'
      yield {
        path,
        message: `${site} of ${output?.to ?? transition.name} is a text, and ${wanted} is needed.`,
        remedy: `Write exactly one \${}, such as ${example}.`,
      }
    }
  },
}
