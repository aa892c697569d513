import { pino, type Logger } from 'pino'

export type Log = Logger

/** One JSON object a line, on standard output. */
export function createLog(level: string): Log {
  return pino({ level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } })
}
