import { Lexer } from '../arcql/lexer.js'
import { canonicalText } from '../canonical.js'
import type { Json } from '../json.js'
import { fill, templateOf, type Roots, type Template } from '../template.js'
import { parseExpression, type Expression } from '../template/expression.js'
import { RequestFault } from './request-fault.js'

/** A text cut at its `${}`: what stands as it is, what data fills, and where a credential goes. */
export type Piece =
  | { readonly form: 'text'; readonly text: string }
  | { readonly form: 'data'; readonly template: Template; readonly fixed: boolean }
  | { readonly form: 'credential'; readonly credential: string; readonly base64: boolean }

/** Cuts a text; `$${` is a literal `${`. Throws ParseFault, and RequestFault where a credential is not allowed so. */
export function pieces(text: string): Piece[] {
  const out: Piece[] = []
  let literal = ''
  let from = 0
  for (let hole = text.indexOf('${'); hole >= 0; hole = text.indexOf('${', from)) {
    if (text[hole - 1] === '$' && hole > from) {
      literal += `${text.slice(from, hole - 1)}\${`
      from = hole + 2
      continue
    }
    literal += text.slice(from, hole)
    if (literal !== '') out.push({ form: 'text', text: literal })
    literal = ''
    const lexer = new Lexer(text, hole + 2)
    out.push(pieceOf(parseExpression(lexer)))
    from = lexer.at
  }
  literal += text.slice(from)
  if (literal !== '') out.push({ form: 'text', text: literal })
  return out
}

function pieceOf(expression: Expression): Piece {
  const { paths } = expression
  if (!paths.some((path) => path.root === 'credentials')) {
    // what only params fill is part of the design, as if it stood there
    return { form: 'data', template: templateOf(expression), fixed: paths.every((path) => path.root === 'params') }
  }
  const [only] = paths
  const name = only?.steps[0]
  const coded = only?.through ?? []
  if (paths.length !== 1 || !only || only.steps.length !== 1 || typeof name !== 'string' || !(coded.length === 0 || (coded.length === 1 && coded[0] === 'base64'))) {
    throw new RequestFault('credential-misplaced', `\${${expression.text}} is no \${credentials.NAME}, with at most base64 after it`)
  }
  return { form: 'credential', credential: name, base64: coded.length === 1 }
}

/** A filled value as text: texts bare, other values as canonical JSON. */
export function textOf(value: Json): string {
  return typeof value === 'string' ? value : canonicalText(value)
}

/** The filled text of a piece that is no credential. */
export function fillPiece(piece: Piece, roots: Roots): string {
  if (piece.form === 'text') return piece.text
  if (piece.form === 'data') return textOf(fill(piece.template, roots))
  throw new RequestFault('credential-misplaced', `\${credentials.${piece.credential}} stands where it could be seen`)
}
