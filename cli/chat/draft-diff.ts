import type { Plan } from '../../petri/plan.js'
import { printNetPlan } from '../../petri/plan-text.js'
import { plainLines } from '../paint.js'

/** `+ category: task`: a setting, with its value. */
const SETTING = /^ *\S [\w.$[\]"-]+: /

/** Draws what a draft means, each time only what is new since the last time. */
export class DraftDiff {
  readonly #colour: boolean
  #seen = new Map<string, string>()

  constructor(colour: boolean) {
    this.#colour = colour
  }

  /** what is new since the last call: heads with their arcs, and settings of what was there already; what went is said to be undone */
  news(plan: Plan): string[] {
    const now = new Map<string, string>()
    const lines: string[] = []
    for (const net of plan.nets) {
      const name = `${net.session}/${net.net}`
      const plain = plainLines(printNetPlan(net)).split('\n')
      const painted = this.#colour ? printNetPlan(net, { colour: true }).split('\n') : plain
      let [section, arc, fresh] = ['', '', false]
      for (const [nth, line] of plain.entries()) {
        // a line belongs to the net, place or transition above it, and to the arc above it
        const head = /^ {0,2}\S/.test(line) && !SETTING.test(line)
        if (head) [section, arc] = [line, '']
        else if (/^ {4}\S (in|out) /.test(line)) arc = line
        const key = `${name}\n${section}\n${arc}\n${line}`
        now.set(key, line)
        if (this.#seen.has(key)) {
          if (head) fresh = false
          continue
        }
        if (head) fresh = true
        // settings of what is new are in /diff
        if (line !== '' && !(SETTING.test(line) && (fresh || line.startsWith('      ')))) lines.push(painted[nth] ?? line)
      }
    }
    const undone = [...this.#seen].filter(([key, line]) => !now.has(key) && /^ {0,2}\S/.test(line) && !SETTING.test(line)).map(([, line]) => `  undone: ${line.trim()}`)
    this.#seen = now
    return [...lines, ...undone]
  }
}
