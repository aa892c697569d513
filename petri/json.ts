/** A JSON value as tokens carry it: I-JSON (RFC 7493), canonical (RFC 8785) from the moment it enters. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A JSON object. Read its keys with `Object.hasOwn`: a key may be called `__proto__` or `constructor`. */
export type JsonObject = { readonly [key: string]: Json }

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The own value under a key, or undefined: never something inherited. */
export function own(value: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined
}
