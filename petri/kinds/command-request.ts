import { isObject, type Json, type JsonObject } from '../json.js'
import { fill, isConstant, parseTemplate, type Roots, type Template } from '../template.js'
import { pieces, textOf } from './pieces.js'
import type { CommandRequest } from './request.js'
import { RequestFault } from './request-fault.js'

type Text = (roots: Roots) => string

/** How the request of a checked command action is made of roots; templates are parsed once. */
export function commandRequest(action: JsonObject): (roots: Roots) => CommandRequest {
  const argv = action['argv'] === undefined ? undefined : words(action['argv'] as readonly Json[])
  const pipeline = (action['pipeline'] as readonly (readonly Json[])[] | undefined)?.map(words)
  const env = Object.entries(isObject(action['env']) ? action['env'] : {}).map(([name, value]): [string, Text] => [name, text(value)])
  const texts = (['dir', 'stdin', 'workspace'] as const).flatMap((key): [typeof key, Text][] => (action[key] === undefined ? [] : [[key, text(action[key])]]))
  const fixed = {
    kind: 'command' as const,
    ...(action['allow'] === undefined ? {} : { allow: action['allow'] as Record<string, string[] | null> }),
    ...(action['script'] === undefined ? {} : { script: script(String(action['script'])) }),
    expect: [...(action['expect'] as number[])],
    maxBytes: action['maxBytes'] as number,
    ...(action['parse'] === undefined ? {} : { parse: action['parse'] as 'json' | 'lines' | 'xml' }),
  }
  return (roots) => ({
    ...fixed,
    ...(argv === undefined ? {} : { argv: argv(roots) }),
    ...(pipeline === undefined ? {} : { pipeline: pipeline.map((stage) => stage(roots)) }),
    env: Object.fromEntries(env.map(([name, value]) => [name, value(roots)])),
    ...Object.fromEntries(texts.map(([key, value]) => [key, value(roots)])),
  })
}

function template(value: Json): Template {
  const parsed = parseTemplate(value)
  if (!parsed.ok) throw new RequestFault('template-error', parsed.message)
  return parsed.value
}

function text(value: Json): Text {
  const parsed = template(value)
  if (isConstant(parsed)) {
    const constant = textOf(fill(parsed, () => undefined))
    return () => constant
  }
  return (roots) => textOf(fill(parsed, roots))
}

/** Program and arguments. One that begins with data must not become an option, unless a literal `--` ends the options before it. */
function words(list: readonly Json[]): (roots: Roots) => string[] {
  const end = list.indexOf('--')
  const fillers = list.map((word, index) => {
    const filler = text(word)
    const first = typeof word === 'string' ? pieces(word)[0] : undefined
    const guarded = first?.form === 'data' && !first.fixed && (end < 0 || end > index)
    return guarded ? (roots: Roots) => refuseOption(filler(roots), String(word)) : filler
  })
  return (roots) => fillers.map((filler) => filler(roots))
}

function refuseOption(value: string, word: string): string {
  if (!value.startsWith('-')) return value
  throw new RequestFault('option-injection', `the argument ${word} came out as ${JSON.stringify(value.slice(0, 60))}, which the program would take for an option; write -- before it, or --option=${word}`)
}

/** A script takes no data: it is the same text whatever was bound. */
function script(written: string): string {
  const parsed = template(written)
  if (!isConstant(parsed)) throw new RequestFault('script-has-template', 'a script holds ${...}: values go through env')
  return String(fill(parsed, () => undefined))
}
