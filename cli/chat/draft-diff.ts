import type { Plan } from '../../petri/plan.js'
import { printNetPlan } from '../../petri/plan-text.js'
import { plainLines } from '../paint.js'

/** Draws what a draft means, each time only what is new since the last time. */
export class DraftDiff {
  readonly #colour: boolean
  #seen = new Map<string, string>()

  constructor(colour: boolean) {
    this.#colour = colour
  }

  /** lines that were not there at the last call, under the head of their net; what is no more there is said to be undone */
  news(plan: Plan): string[] {
    const now = new Map<string, string>()
    const lines: string[] = []
    for (const net of plan.nets) {
      const name = `${net.session}/${net.net}`
      const plain = plainLines(printNetPlan(net)).split('\n')
      const painted = this.#colour ? printNetPlan(net, { colour: true }).split('\n') : plain
      let section = ''
      const fresh = plain.flatMap((line, nth) => {
        // a line of the second depth belongs to the one above it
        section = /^ {0,2}\S/.test(line) ? line : section
        const key = `${name}\n${section}\n${line}`
        now.set(key, line)
        return line === '' || this.#seen.has(key) ? [] : [painted[nth] ?? line]
      })
      lines.push(...fresh)
    }
    const undone = [...this.#seen].filter(([key, line]) => !now.has(key) && /^ {0,2}\S/.test(line)).map(([, line]) => `  undone: ${line.trim()}`)
    this.#seen = now
    return [...lines, ...undone]
  }
}
