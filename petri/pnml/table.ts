import { own, type Json, type JsonObject } from '../json.js'

/** A part of the net that is being put together. */
export type Table = Record<string, Json>

/** A name may be `__proto__`: it becomes a key like every other. */
export function define(table: Table, key: string, value: Json): void {
  Object.defineProperty(table, key, { value, enumerable: true, writable: true, configurable: true })
}

/** The text under a key of our JSON, or undefined when there is none. */
export function textIn(object: JsonObject | undefined, key: string): string | undefined {
  const value = object && own(object, key)
  return typeof value === 'string' ? value : undefined
}
