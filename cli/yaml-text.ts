import { createRequire } from 'node:module'
import { isSafe, jsonText } from './json-text.js'

const require = createRequire(import.meta.url)

/** A value as YAML. The package is loaded when it is first needed: most commands never are. */
export function yamlText(value: object): string {
  const { stringify } = require('yaml') as typeof import('yaml')
  const text = stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd()
  // JSON is YAML too, and has an escape for everything
  return isSafe(text) ? text : jsonText(value, 2)
}
