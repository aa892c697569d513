import { isObject, type Json, type JsonObject } from '../json.js'

/** JSON Merge Patch (RFC 7386): null takes a key away, a table is patched key by key, anything else replaces. Keys keep their order. */
export function mergePatch(value: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch
  const made = new Map<string, Json>(isObject(value) ? Object.entries(value) : [])
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) made.delete(key)
    else made.set(key, mergePatch(made.get(key), change))
  }
  return Object.fromEntries(made) as JsonObject
}
