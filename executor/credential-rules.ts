import { hostMatches } from './host-pattern.js'

/** environment variable -> hosts it may be sent to; null: any. What is not listed is no credential. */
export type CredentialRules = ReadonlyMap<string, readonly string[] | null>

/** Reads AGENTICOS_CREDENTIALS: `GITHUB_TOKEN@api.github.com|*.githubusercontent.com OTHER_TOKEN`. */
export function credentialRules(parts: readonly string[], complain: (message: string) => void): CredentialRules {
  return new Map(parts.map((part) => {
    const [name = '', hosts] = part.split('@', 2)
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) complain(`"${part}" is not VARIABLE or VARIABLE@host|host`)
    if (name.startsWith('AGENTICOS_')) complain(`${name} is a setting of the executor, never a credential`)
    return [name, hosts === undefined ? null : hosts.split('|')]
  }))
}

/** Whether a credential may go to a host. */
export function mayTravel(hosts: readonly string[] | null, host: string): boolean {
  return hosts === null || hosts.some((pattern) => hostMatches(pattern, host))
}
