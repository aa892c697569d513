import type { Outcome } from '../../protocol/effect.js'
import type { PUT_BACK } from '../kinds/kind.js'

/** Ends a firing from wherever it stands: with an outcome, or put back. */
export class Over extends Error {
  override readonly name = 'Over'
  readonly outcome: Outcome | typeof PUT_BACK

  constructor(outcome: Outcome | typeof PUT_BACK) {
    super('the firing is over')
    this.outcome = outcome
  }
}
