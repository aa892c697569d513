/** Refusals that say the caller may not, rather than that it cannot be done so. */
const FORBIDDEN = new Set(['forbidden-tool', 'forbidden-session', 'forbidden-place', 'stopped-by-person', 'credential-refused', 'egress-refused', 'image-refused'])

/** HTTP status of a refusal of a tool, by its code: 403 where the caller may not, 422 where it cannot be done as asked. */
export function refusalStatus(code: string): number {
  if (isForbidden(code)) return 403
  if (code === 'call-reused') return 409
  return code === 'not-found' ? 404 : 422
}

export function isForbidden(code: string): boolean {
  return FORBIDDEN.has(code)
}
