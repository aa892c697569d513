import { isObject, type Json } from '../../../petri/json.js'

const SECRET = /pass(word|wd|phrase)?$|secret|token$|api[-_]?key|^key$|private[-_]?key|authorization|cookie|credential$/i
/** Our own words that look like it and are none. */
const HARMLESS = new Set(['token', 'credential'])
const BEARER = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}|\ban[tc]_[A-Za-z0-9]{1,40}_[A-Za-z0-9_-]{20,}|\bsk-[A-Za-z0-9_-]{16,}/g
/** In addresses: what stands before the @, and values of parameters that are called like secrets. */
const IN_ADDRESS = /(\/\/)[^/?#\s@]+@|([?&][^=&#\s]*(?:key|token|secret|passw)[^=&#\s]*=)[^&#\s]+/gi
const LONGEST = 2_000
const MOST = 100

/** A call's input as events keep it: values under keys that name secrets are ***, long texts are cut. */
export function masked(value: Json, level = 0): Json {
  if (typeof value === 'string') {
    const text = value.replace(BEARER, '***').replace(IN_ADDRESS, (_, slashes: string | undefined, name: string | undefined) => (slashes === undefined ? `${name}***` : `${slashes}***@`))
    return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… [cut: ${text.length - LONGEST} more characters]`
  }
  if (typeof value !== 'object' || value === null) return value
  if (level > 20) return '… [cut: deeper levels]'
  if (Array.isArray(value)) {
    const list = (value as readonly Json[]).slice(0, MOST).map((one) => masked(one, level + 1))
    return value.length > MOST ? [...list, `… [cut: ${value.length - MOST} more]`] : list
  }
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).slice(0, MOST).map(([key, inner]) =>
    [key, SECRET.test(key) && !(level === 0 && HARMLESS.has(key)) ? '***' : masked(inner, level + 1)]))
}
