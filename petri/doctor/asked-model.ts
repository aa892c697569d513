import { own } from '../json.js'
import type { Transition } from '../net.js'
import { cut } from './cut.js'

/** The model that an llm or agent transition asks for: a name, `default`, or `data` when only a firing can say. Undefined for other kinds. */
export function askedModel({ kind, action }: Transition): { readonly form: 'default' | 'data' } | { readonly form: 'name'; readonly name: string } | undefined {
  if ((kind !== 'llm' && kind !== 'agent') || action === null) return undefined
  const written = own(action, 'model')
  if (typeof written !== 'string' || written === '') return { form: 'default' }
  const literal = cut(written)?.every((piece) => piece.form === 'text') ?? false
  return literal ? { form: 'name', name: written } : { form: 'data' }
}
