import { Cron } from 'croner'
import { roll } from './fire.js'
import type { Schedule } from './net.js'

/**
 * The first tick after a time, both in milliseconds since the epoch. `every` counts from the epoch plus an offset fixed
 * by the name, so that a thousand nets do not fire at once; cron keeps its time zone's wall clock over DST changes.
 */
export function nextTick(schedule: Schedule, name: string, after: number): number | undefined {
  if ('every' in schedule) {
    const offset = Math.floor(roll(name) * schedule.every)
    return Math.floor((after - offset) / schedule.every) * schedule.every + offset + schedule.every
  }
  const cron = new Cron(schedule.cron, { timezone: schedule.timezone, paused: true })
  return cron.nextRun(new Date(after))?.getTime()
}
