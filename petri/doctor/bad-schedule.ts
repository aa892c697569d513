import { Cron } from 'croner'
import type { Flaw, Rule } from './rule.js'

export const badSchedule: Rule = {
  code: 'bad-schedule',
  level: 'error',
  explanation: 'A cron pattern or time zone cannot be read, so the transition would never be due.',
  *check({ net }): Iterable<Flaw> {
    for (const transition of Object.values(net.transitions)) {
      const { schedule } = transition
      if (!schedule || 'every' in schedule) continue
      const at = ['transitions', transition.name, 'schedule']
      if (!isZone(schedule.timezone)) {
        yield {
          path: [...at, 'timezone'],
          message: `${schedule.timezone} is no time zone.`,
          remedy: 'Write a name of the IANA database, such as Europe/Berlin or UTC.',
        }
      }
      const reason = schedule.cron.trim().split(/\s+/).length === 5 ? refusal(schedule.cron) : 'it has not five fields'
      if (reason) yield {
        path: [...at, 'cron'],
        message: `The cron pattern ${JSON.stringify(schedule.cron)} is wrong: ${reason}.`,
        remedy: 'Write minute hour day month weekday, such as "0 9 * * 1-5".',
      }
    }
  },
}

function refusal(pattern: string): string | undefined {
  try {
    const cron = new Cron(pattern, { paused: true, timezone: 'UTC' })
    // Any day will do: what never comes after it never comes.
    return cron.nextRun(new Date(0)) === null ? 'no such day ever comes' : undefined
  } catch (error) {
    return (error as Error).message.replace(/^CronPattern: /, '').replace(/\.$/, '')
  }
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
