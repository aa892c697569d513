import { isObject, own } from '../json.js'
import { cut } from './cut.js'
import type { Flaw, Rule } from './rule.js'

const HEADERS = /^(proxy-)?authorization$|^cookie$|api-?key|[-_]token$|secret/i
const VARIABLES = /(TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY)$/i

export const secretInNet: Rule = {
  code: 'secret-in-net',
  level: 'warning',
  explanation: 'A header or environment variable that is named like a secret has its value in the file, where everybody who reads the repository sees it.',
  *check({ net }): Iterable<Flaw> {
    for (const transition of Object.values(net.transitions)) {
      const { kind, action, name } = transition
      if ((kind !== 'http' && kind !== 'command') || !isObject(action ?? undefined)) continue
      const part = kind === 'http' ? 'headers' : 'env'
      const table = own(action!, part)
      for (const [key, value] of Object.entries(isObject(table) ? table : {})) {
        if (!(kind === 'http' ? HEADERS : VARIABLES).test(key) || typeof value !== 'string' || !isLiteral(value)) continue
        yield {
          path: ['transitions', name, 'do', part, key],
          message: `${key} has its value in the file.`,
          remedy: kind === 'http'
            ? `Take the value out (and out of the history: change it where it is valid), and write \${credentials.NAME} with credentials: {NAME: env:NAME}.`
            : `Take the value out (and out of the history: change it where it is valid), and list it under credentials: {${key}: env:${key}}.`,
        }
      }
    }
  },
}

/** A text that neither data nor a credential fills, and that is more than a word such as `Bearer`. */
function isLiteral(value: string): boolean {
  const parts = cut(value)
  return parts !== undefined && parts.every((part) => part.form === 'text') && /\S{8,}/.test(value.replace(/^(Basic|Bearer) /i, ''))
}
