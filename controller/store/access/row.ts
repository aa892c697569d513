/** A row of runtime.access_tokens, without its hash. */
export interface AccessRow {
  readonly id: string
  readonly kind: 'api' | 'bootstrap' | 'executor'
  readonly name: string
  readonly scopes: string[]
  readonly sessions: string[]
  /** held by an agent, which approves nothing */
  readonly agent: boolean
  /** for tools; null: its scopes tell it */
  readonly role: string | null
  readonly created_at: Date
  readonly expires_at: Date | null
  readonly revoked_at: Date | null
  readonly last_used_at: Date | null
}
