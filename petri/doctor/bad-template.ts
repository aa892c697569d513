import { parseTemplate } from '../template.js'
import { misreadFlaw, misreads } from './misread.js'
import type { Flaw, Rule } from './rule.js'
import type { Subject } from './subject.js'

export const badTemplate: Rule = {
  code: 'bad-template',
  level: 'error',
  explanation: 'A template cannot be read.',
  *check(subject): Iterable<Flaw> {
    yield* misreads(subject, 'template')
    yield* elsewhere(subject)
  },
}

/** `${` in a part of `do` that is no template: a program in allow, a text of the script. The engine reads all of it. */
function* elsewhere({ net, expressions }: Subject): Iterable<Flaw> {
  const told = new Set(expressions.filter(({ site, misread }) => site === 'do' && misread).map(({ transition }) => transition.name))
  for (const { name, kind, action } of Object.values(net.transitions)) {
    if ((kind !== 'http' && kind !== 'command') || told.has(name)) continue
    const parsed = parseTemplate(action)
    if (!parsed.ok) yield misreadFlaw(parsed, ['transitions', name, 'do', ...(parsed.at ?? [])], 'template')
  }
}
