/** Tiers in a row, each holding those before it; `l` stands apart. */
export const TIERS = ['read', 'write', 'execute', 'http'] as const
export type Tier = (typeof TIERS)[number] | 'logs' | 'control'

const LETTERS: Readonly<Record<string, Tier>> = { r: 'read', w: 'write', x: 'execute', h: 'http', l: 'logs' }

/** r, rw, rwx or rwxh, each with an optional l: `r--h` and other gaps are no roles. */
export const ROLES = ['r', 'rw', 'rwx', 'rwxh', 'rl', 'rwl', 'rwxl', 'rwxhl'] as const
export type Role = (typeof ROLES)[number]

export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text)
}

/** Whether a role reaches a tier. The control words are everybody's. */
export function reaches(role: Role, tier: Tier): boolean {
  return tier === 'control' || [...role].some((letter) => LETTERS[letter] === tier)
}

/** What both roles allow: an agent's own, cut to what policy says. */
export function narrower(a: Role, b: Role): Role {
  return ROLES.find((role) => role === [...a].filter((letter) => b.includes(letter)).join('')) ?? 'r'
}

/** As people see it: `rw--`, `rwx-l`. */
export function showRole(role: Role): string {
  const tiers = [...'rwxh'].map((letter) => (role.includes(letter) ? letter : '-')).join('')
  return role.includes('l') ? `${tiers}l` : tiers
}
