import type { Role } from './role.js'

/** Who calls a tool, and for what: settled by the API before any tool runs. */
export interface Caller {
  /** how events and commits name it: `agent demo/net/transition`, or the access token's name */
  readonly name: string
  readonly agent: boolean
  /** of an access token: it holds the scope admin */
  readonly admin?: boolean
  readonly role: Role
  /** of an access token: what its API lets it do besides */
  readonly scopes?: readonly string[]
  /** the session it belongs to; undefined for a person's token that covers several */
  readonly session: string | undefined
  /** whether it may see and touch this session */
  readonly covers: (session: string) => boolean
  /** of an agent: its firing, and where it may put tokens */
  readonly firing?: {
    readonly session: string
    readonly firing: number
    readonly net: string
    readonly transition: string
    readonly correlation: string
    readonly model: string
    /** first lines of what it was asked */
    readonly prompt: string
    readonly writes: readonly { readonly place: string; readonly category: string }[]
  }
  /** key of the draft that its structure tools edit: one a firing or conversation, or one an access token */
  readonly draft: string
}
