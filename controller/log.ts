import { pino, type DestinationStream, type Logger } from 'pino'

export type Log = Logger
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'

const SECRET_KEYS = ['password', 'token', 'secret', 'authorization', 'cookie', 'connectionString', 'databaseUrl']

interface LogOptions {
  readonly level?: LogLevel
  readonly to?: DestinationStream
}

/** One JSON object a line: a constant sentence, facts in fields. Secrets known by their key are replaced, two levels deep. */
export function createLog(options: LogOptions = {}): Log {
  const settings = {
    level: options.level ?? 'info',
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
  }
  return options.to === undefined ? pino(settings) : pino(settings, options.to)
}
