/** A row of runtime.tokens as readers see it. */
export interface TokenRow {
  readonly id: number
  readonly place: string
  readonly data: unknown
  readonly created_at: Date
  readonly produced_by: string
  readonly parents: number[]
  readonly depth: number
  readonly correlation: string
  readonly orphaned: boolean
  readonly superseded: boolean
}
