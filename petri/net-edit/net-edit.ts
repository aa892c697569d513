import type { JsonObject } from '../json.js'
import { API_VERSION } from '../header.js'
import { requireName, tableOf, withEntry, withKey } from './entry.js'

export interface NetWords {
  readonly title?: string | undefined
  readonly description?: string | undefined
  /** values for ${params.x}; each is set, the others stay */
  readonly params?: JsonObject | undefined
}

/** A net with these words about it, made when there is none. What is not given stays. */
export function createNet(net: JsonObject | undefined, name: string, { title, description, params }: NetWords): JsonObject {
  if (net === undefined) requireName(name, 'net')
  let made: JsonObject = net ?? { apiVersion: API_VERSION, kind: 'Net', metadata: { name }, places: {}, transitions: {} }
  let metadata = tableOf(made, 'metadata')
  if (title !== undefined) metadata = withEntry(metadata, 'title', title)
  if (description !== undefined) metadata = withEntry(metadata, 'description', description)
  made = withKey(made, 'metadata', metadata)
  if (params === undefined) return made
  return withKey(made, 'params', Object.entries(params).reduce((table, [key, value]) => withEntry(table, key, value), tableOf(made, 'params')))
}
