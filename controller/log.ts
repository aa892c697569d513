import { destination, pino, multistream, type DestinationStream, type Logger } from 'pino'

export type Log = Logger
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'

const SECRET_KEYS = ['password', 'token', 'secret', 'authorization', 'cookie', 'connectionString', 'databaseUrl']

interface LogOptions {
  readonly level?: LogLevel
  readonly to?: DestinationStream
  /** everything into this file, and what is wrong, in one plain line each, to standard error */
  readonly file?: string | undefined
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
  if (options.file !== undefined) {
    const level = settings.level === 'silent' ? 'fatal' : settings.level
    const stream = destination({ dest: options.file, sync: true, mode: 0o600 })
    return pino(settings, multistream([{ level, stream }, { level: 'error', stream: plainErrors(options.file) }]))
  }
  return options.to === undefined ? pino(settings) : pino(settings, options.to)
}

function plainErrors(file: string): DestinationStream {
  return {
    write(line) {
      const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } }
      process.stderr.write(`! ${msg ?? 'an error'}${err?.message === undefined ? '' : `: ${err.message}`} (see ${file})\n`)
    },
  }
}
