import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What an executor keeps between starts, in its data directory, readable by its user only. */
export interface Identity {
  /** its own access token, once it has one */
  readonly token: string | undefined
  /** marks its commands, so that the next start knows them */
  readonly mark: string
  keepToken(token: string): void
}

export function openIdentity(data: string): Identity {
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const mark = read(join(data, 'mark')) ?? randomBytes(12).toString('hex')
  keep(join(data, 'mark'), mark)
  const file = join(data, 'token')
  let token = read(file)
  return {
    mark,
    get token() {
      return token
    },
    keepToken(given) {
      if (given === token) return
      keep(file, given)
      token = given
    },
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined
  } catch {
    return undefined
  }
}

function keep(file: string, text: string): void {
  writeFileSync(`${file}.new`, `${text}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
