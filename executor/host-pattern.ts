/** A host name, or `*.example.com` for every name below it. */
export function hostMatches(pattern: string, host: string): boolean {
  const wanted = pattern.toLowerCase()
  const name = host.toLowerCase().replace(/\.$/, '')
  return wanted === '*' || (wanted.startsWith('*.') ? name.endsWith(wanted.slice(1)) && name.length >= wanted.length : name === wanted)
}
