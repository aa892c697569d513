/** Why no request can be made of a transition's action and this binding: the firing fails with the code. */
export class RequestFault extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'RequestFault'
    this.code = code
  }
}
