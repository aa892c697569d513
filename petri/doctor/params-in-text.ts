import { own, type JsonObject } from '../json.js'

/** A text with `${params.x}` filled in where x is a plain value; what else stands in `${}` is left. */
export function fillText(text: string, params: JsonObject): string {
  return text.replace(/\$\{ *params\.([A-Za-z0-9_]+) *\}/g, (hole, name: string) => {
    const value = own(params, name)
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : hole
  })
}
