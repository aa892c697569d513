/** What a command could not do: the problem, and the next command to type. Exit 1, or 2 for findings and bad usage. */
export class CliFailure extends Error {
  readonly next: string
  readonly exit: 1 | 2
  constructor(message: string, next: string, exit: 1 | 2 = 1, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'CliFailure'
    this.next = next
    this.exit = exit
  }
}

export function usage(message: string, next: string): never {
  throw new CliFailure(message, next, 2)
}
