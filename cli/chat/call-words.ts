import { plain } from '../paint.js'
import { canonicalText } from '../../petri/canonical.js'
import { isObject, type Json } from '../../petri/json.js'

const MOST = 72

/** What a tool call is about, in a few words: the thing it names, else what it says. */
export function callSubject(input: Json): string {
  if (!isObject(input)) return short(typeof input === 'string' ? input : canonicalText(input))
  const text = (key: string): string | undefined => (typeof input[key] === 'string' && input[key] !== '' ? input[key] : undefined)
  const [net, from, to] = [text('net'), text('from'), text('to')]
  const named = text('place') ?? text('transition')
  const within = named === undefined || net === undefined || named.includes('/') ? named : `${net}/${named}`
  const subject = from !== undefined && to !== undefined ? `${net === undefined ? '' : `${net} `}${from} → ${to}`
    : within ?? net ?? text('token') ?? text('url') ?? text('image') ?? text('name') ?? text('session') ?? text('goal') ?? text('reason') ?? text('summary')
  if (subject !== undefined) return short(subject)
  return Object.keys(input).length === 0 ? '' : short(canonicalText(input))
}

/** Text from outside on one line, cut. */
export function short(text: string, most = MOST): string {
  const line = plain(text.replace(/\s+/g, ' ').trim())
  const characters = [...line]
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`
}
