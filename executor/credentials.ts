import type { SealedText } from '../protocol/effect.js'
import { mayTravel } from './credential-rules.js'
import type { ExecutorOptions } from './config.js'
import { Mask, MIN_SECRET } from './mask.js'

/** Why a credential is not to be had, or may not go where it should. */
export class CredentialRefused extends Error {
  override readonly name = 'CredentialRefused'
}

interface Credential {
  readonly value: string
  /** null: any host */
  readonly hosts: readonly string[] | null
}

/** The credentials of one effect: read when it begins, forgotten with it. */
export class Credentials {
  readonly #values: ReadonlyMap<string, Credential>
  readonly mask: Mask

  /** sources: NAME -> `env:VARIABLE`. Throws CredentialRefused. */
  constructor(sources: Readonly<Record<string, string>>, options: Pick<ExecutorOptions, 'credentials' | 'environment'>) {
    this.#values = new Map(Object.entries(sources).map(([name, source]) => [name, read(name, source, options)]))
    this.mask = new Mask([...this.#values.values()].map((credential) => credential.value))
  }

  /** As environment of a command. */
  environment(): Record<string, string> {
    return Object.fromEntries([...this.#values].map(([name, credential]) => [name, credential.value]))
  }

  /** A text with its holes filled, towards a host. */
  fill(text: SealedText, host: string): string {
    if (typeof text === 'string') return text
    return text.parts.map((part) => {
      if (typeof part === 'string') return part
      const credential = this.#values.get(part.credential)
      if (credential === undefined) throw new CredentialRefused(`credential ${part.credential} is not declared by the transition`)
      if (!mayTravel(credential.hosts, host)) {
        throw new CredentialRefused(`credential ${part.credential} may not go to ${host}; its hosts are set in AGENTICOS_CREDENTIALS of the executor`)
      }
      return part.base64 ? Buffer.from(credential.value, 'utf8').toString('base64') : credential.value
    }).join('')
  }
}

function read(name: string, source: string, { credentials, environment }: Pick<ExecutorOptions, 'credentials' | 'environment'>): Credential {
  const variable = /^env:([A-Za-z_][A-Za-z0-9_]*)$/.exec(source)?.[1]
  if (variable === undefined) throw new CredentialRefused(`credential ${name}: this executor reads env:VARIABLE only, not ${source}`)
  const hosts = credentials.get(variable)
  if (hosts === undefined) {
    throw new CredentialRefused(`credential ${name}: this executor does not give out ${variable}; list it in its AGENTICOS_CREDENTIALS`)
  }
  const value = environment[variable]
  if (value === undefined || value === '') throw new CredentialRefused(`credential ${name}: the executor's environment has no ${variable}`)
  if (value.length < MIN_SECRET) throw new CredentialRefused(`credential ${name}: ${variable} has fewer than ${MIN_SECRET} characters, too few to be masked`)
  return { value, hosts }
}
