import { canonicalText } from '../petri/canonical.js'
import { isObject, type Json } from '../petri/json.js'

/** What a tool call is about: the thing it names, else what it says. What it holds of foreign texts is as it came. */
export function callSubject(input: Json): string {
  if (!isObject(input)) return typeof input === 'string' ? input : canonicalText(input)
  const text = (key: string): string | undefined => (typeof input[key] === 'string' && input[key] !== '' ? input[key] : undefined)
  const [net, from, to] = [text('net'), text('from'), text('to')]
  const named = text('place') ?? text('transition')
  const within = named === undefined || net === undefined || named.includes('/') ? named : `${net}/${named}`
  const subject = from !== undefined && to !== undefined ? `${net === undefined ? '' : `${net} `}${from} → ${to}`
    : within ?? net ?? text('token') ?? text('url') ?? text('image') ?? text('name') ?? text('session') ?? text('goal') ?? text('reason') ?? text('summary')
  return subject ?? (Object.keys(input).length === 0 ? '' : canonicalText(input))
}
