/** Whether a name matches a glob: `*` stands for any letters. Linear in both, so no pattern can hang it. */
export function matchesGlob(glob: string, name: string): boolean {
  const parts = glob.split('*')
  const first = parts[0]!
  const last = parts.at(-1)!
  if (parts.length === 1) return glob === name
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= name.length - last.length
}
