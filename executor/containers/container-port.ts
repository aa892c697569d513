/** A container that this executor started for a session. */
export interface Container {
  readonly name: string
  readonly image: string
  /** as the engine says it: running, exited ... */
  readonly state: string
  /** RFC 3339: when it is stopped */
  readonly until: string
}

export interface ContainerWish {
  readonly session: string
  readonly name: string
  readonly image: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly ttlMs: number
}

/** Why there is no such container, or it may not be. */
export class ContainerRefused extends Error {
  override readonly name = 'ContainerRefused'
  readonly code: 'image-refused' | 'container-exists' | 'container-missing' | 'containers-full' | 'engine-failed'
  constructor(code: ContainerRefused['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** Containers on this host, or wherever an executor may put them. It sees and touches its own alone. All throw ContainerRefused. */
export interface ContainerPort {
  run(wish: ContainerWish, signal: AbortSignal): Promise<Container>
  stop(session: string, name: string, signal: AbortSignal): Promise<void>
  list(session: string, signal: AbortSignal): Promise<readonly Container[]>
  logs(session: string, name: string, tail: number, signal: AbortSignal): Promise<{ readonly text: string, readonly cut: boolean }>
  /** stops what has outlived its time, also what an earlier process of this executor started; until the signal */
  keep(signal: AbortSignal): Promise<void>
}
