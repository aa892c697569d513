import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** A value as YAML. The package is loaded when it is first needed: most commands never are. */
export function yamlText(value: object): string {
  const { stringify } = require('yaml') as typeof import('yaml')
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd()
}
