import { isObject, own, type Json, type JsonObject } from '../json.js'
import { textOf, type Piece } from '../kinds/pieces.js'
import { resolve } from '../template.js'
import { cut } from './cut.js'
import type { Flaw, Rule } from './rule.js'

export const urlRule: Rule = {
  code: 'url-rule',
  level: 'error',
  explanation: 'Data could choose the host of a request, or the URL is no address: `${}` is the whole URL, or stands after the host.',
  *check({ net }): Iterable<Flaw> {
    for (const transition of Object.values(net.transitions)) {
      const url = transition.kind === 'http' && isObject(transition.action ?? undefined) ? own(transition.action!, 'url') : undefined
      const wrong = typeof url === 'string' ? fault(url, net.params) : undefined
      if (wrong) yield { path: ['transitions', transition.name, 'do', 'url'], ...wrong }
    }
  },
}

const REMEDY = 'Write https://host/path/${x}?q=${y}, or let one ${} be the whole URL.'

function fault(written: string, params: JsonObject): Pick<Flaw, 'message' | 'remedy'> | undefined {
  const parts = cut(written)
  // One hole alone is a whole URL, judged when it is filled; what cannot be read has its own finding.
  if (!parts || (parts.length === 1 && parts[0]!.form !== 'text')) return undefined
  let fixed = ''
  let open = false
  for (const part of parts) {
    const text = known(part, params)
    if (text === undefined) {
      open = true
      break
    }
    fixed += text
  }
  const start = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([/?#])?/i.exec(fixed)
  if (!start) return {
    message: open ? 'Data stands before the host of the URL.' : 'The URL does not begin with https:// and a host.',
    remedy: REMEDY,
  }
  const [, scheme = '', authority = '', after] = start
  if (!/^https?$/i.test(scheme)) return { message: `A request goes over https or http, not ${scheme}.`, remedy: REMEDY }
  if (open && after === undefined) return { message: 'Data stands in the host of the URL.', remedy: REMEDY }
  if (authority.includes('@')) return {
    message: 'The URL has a user part.',
    remedy: 'Remove it, and give the secret as ${credentials.NAME} in a header.',
  }
  if (/[\s\\]/.test(fixed) || !URL.canParse(`${scheme}://${authority}/`)) return {
    message: `${JSON.stringify(fixed)} is no URL.`,
    remedy: REMEDY,
  }
  return undefined
}

/** The text of a piece that no token changes. */
function known(part: Piece, params: JsonObject): string | undefined {
  if (part.form === 'text') return part.text
  const value: Json | undefined = part.form === 'data' && part.fixed ? resolve(part.template, (name) => (name === 'params' ? params : undefined)) : undefined
  return value === undefined ? undefined : textOf(value)
}
