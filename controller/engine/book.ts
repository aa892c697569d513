import type { TransitionProgram } from '../../petri/compile.js'
import type { Batch } from './batch.js'

/** Books what a firing said it spent outside (`cost`): added up, and taken from the budgets of its day, in the batch's commit. */
export function book(batch: Batch, { net, transition }: TransitionProgram, usd: number | undefined): void {
  const micros = Math.round((usd ?? 0) * 1e6)
  if (micros > 0) batch.rest.booked.push({ net: net.name, transition: transition.name, micros })
}
