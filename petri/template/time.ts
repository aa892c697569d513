import { duration } from '../duration.js'
import { parseTime } from '../time.js'
import { define, FunctionFault } from './function.js'

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
const FIELD = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+|'/g

const FIELDS: ReadonlyMap<string, (date: Date) => string> = new Map<string, (date: Date) => string>([
  ['yyyy', (date) => pad(date.getUTCFullYear(), 4)],
  ['yy', (date) => pad(date.getUTCFullYear() % 100, 2)],
  ['MMMM', (date) => MONTHS[date.getUTCMonth()]!],
  ['MMM', (date) => MONTHS[date.getUTCMonth()]!.slice(0, 3)],
  ['MM', (date) => pad(date.getUTCMonth() + 1, 2)],
  ['M', (date) => `${date.getUTCMonth() + 1}`],
  ['dd', (date) => pad(date.getUTCDate(), 2)],
  ['d', (date) => `${date.getUTCDate()}`],
  ['EEEE', (date) => DAYS[date.getUTCDay()]!],
  ['EEE', (date) => DAYS[date.getUTCDay()]!.slice(0, 3)],
  ['HH', (date) => pad(date.getUTCHours(), 2)],
  ['H', (date) => `${date.getUTCHours()}`],
  ['mm', (date) => pad(date.getUTCMinutes(), 2)],
  ['ss', (date) => pad(date.getUTCSeconds(), 2)],
  ['SSS', (date) => pad(date.getUTCMilliseconds(), 3)],
  ['T', () => 'T'],
  ['Z', () => 'Z'],
])

/** Times are texts (ISO 8601 with a zone); what comes out is UTC. */
export const timeFunctions = [
  define('date(format)', 'text', ['text'], (text, format) => formatDate(new Date(time('date', text)), format)),
  define('addDuration("5m")', 'text', ['text'], (text, by) => {
    const negative = by.startsWith('-')
    const milliseconds = duration(negative ? by.slice(1) : by)
    if (milliseconds === undefined) throw new FunctionFault(`addDuration takes a duration, not ${JSON.stringify(by.slice(0, 40))}`, 'write it as 500ms, 30s, 5m, 2h or 7d, with a minus sign to go back')
    const at = time('addDuration', text) + (negative ? -milliseconds : milliseconds)
    const moved = new Date(at)
    if (!(moved.getUTCFullYear() >= 0 && moved.getUTCFullYear() <= 9999)) throw new FunctionFault('addDuration leaves the years 0 to 9999', 'use a shorter duration')
    return moved.toISOString()
  }),
]

function time(name: string, text: string): number {
  const at = parseTime(text)
  if (at === undefined) {
    throw new FunctionFault(`${name} takes a time, not ${JSON.stringify(text.slice(0, 40))}`, 'a time is written as 2026-01-31T08:30:00Z, with its zone')
  }
  return at
}

function formatDate(date: Date, format: string): string {
  return format.replace(FIELD, (field: string, quoted: string | undefined, letter: string | undefined) => {
    if (quoted !== undefined) return quoted === '' ? "'" : quoted.replaceAll("''", "'")
    if (letter === undefined && field !== "'") return field
    const write = FIELDS.get(field)
    if (write === undefined) {
      throw new FunctionFault(`date knows no field ${JSON.stringify(field)}`, `use ${[...FIELDS.keys()].join(' ')}; other letters stand in single quotes`)
    }
    return write(date)
  })
}

function pad(value: number, width: number): string {
  return `${value}`.padStart(width, '0')
}
