/** A base URL of a server: `http(s)://host[:port][/path]`. Undefined for anything else: with user, query or fragment too. */
export function baseUrl(text: string): { readonly scheme: 'http' | 'https'; readonly host: string; readonly name: string } | undefined {
  const parts = /^(https?):\/\/(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?)(?::(\d{1,5}))?(\/[A-Za-z0-9._~%+\/-]*)?$/.exec(text)
  if (!parts || Number(parts[3] ?? 0) > 65_535) return undefined
  return { scheme: parts[1] as 'http' | 'https', host: parts[3] === undefined ? parts[2]! : `${parts[2]}:${parts[3]}`, name: parts[2]!.toLowerCase() }
}

/** Whether a host name means this machine. */
export function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name)
}
