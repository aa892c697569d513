import { isObject, type JsonObject } from '../json.js'
import { fillText } from './params-in-text.js'
import type { Flaw, Rule } from './rule.js'

export const urlRule: Rule = {
  code: 'url-rule',
  level: 'error',
  explanation: 'Data could choose the host of a request, or the URL is no address: `${}` is the whole URL, or stands after the host.',
  *check({ net }): Iterable<Flaw> {
    for (const transition of Object.values(net.transitions)) {
      if (transition.kind !== 'http' || !isObject(transition.action ?? undefined)) continue
      const { url } = transition.action as JsonObject
      const wrong = typeof url === 'string' ? fault(url, net.params) : undefined
      if (wrong) yield { path: ['transitions', transition.name, 'do', 'url'], ...wrong }
    }
  },
}

function fault(written: string, params: JsonObject): Pick<Flaw, 'message' | 'remedy'> | undefined {
  if (/^\$\{[^{}]*\}$/.test(written) && !/^\$\{ *params\./.test(written)) return undefined
  const url = fillText(written, params)
  const hole = url.indexOf('${')
  const fixed = hole < 0 ? url : url.slice(0, hole)
  const start = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([/?#])?/i.exec(fixed)
  const remedy = 'Write https://host/path/${x}?q=${y}, or let one ${} be the whole URL.'
  if (!start) return hole < 0 ? { message: 'The URL does not begin with https:// and a host.', remedy } : { message: 'Data stands before the host of the URL.', remedy }
  const [, scheme = '', authority = '', after] = start
  if (!/^https?$/i.test(scheme)) return { message: `A request goes over https or http, not ${scheme}.`, remedy }
  if (hole >= 0 && after === undefined) return { message: 'Data stands in the host of the URL.', remedy }
  if (authority.includes('@')) return { message: 'The URL has a user part.', remedy: 'Remove it, and give the secret as ${credentials.NAME} in a header.' }
  if (!URL.canParse(`${scheme}://${authority}/`)) return { message: `${authority || 'Nothing'} is no host.`, remedy }
  return undefined
}
