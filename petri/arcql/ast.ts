import type { Json } from '../json.js'
import type { Pattern } from '../pattern.js'
import type { Template } from '../template.js'
import type { Path } from './path.js'

export type { Path, Step } from './path.js'

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>='

/** Either side of an operator. */
export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'template'; readonly template: Template }

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'exists'; readonly path: Path }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'contains'; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'starts'; readonly left: Operand; readonly right: Operand }
  /** `right` is the list as written, or one operand that gives a list */
  | { readonly kind: 'in'; readonly left: Operand; readonly right: Operand | readonly Operand[] }
  /** a pattern that stands in the condition is compiled with it, one from data when it comes */
  | { readonly kind: 'matches'; readonly left: Operand; readonly right: Operand | Pattern }

export type Order = readonly { readonly path: Path; readonly descending: boolean }[]

/** What is asked of a place outside arcs: no condition is all of it, no limit too. */
export interface Query {
  readonly where: Condition | undefined
  readonly order: Order
  readonly limit: number | undefined
}
