/** Why an edit cannot be made, and what to do instead. Nothing is changed then. */
export class EditFault extends Error {
  readonly code: string
  readonly remedy: string
  constructor(code: string, message: string, remedy: string) {
    super(message)
    this.name = 'EditFault'
    this.code = code
    this.remedy = remedy
  }
}
