/** Globs over paths: `*` stands for anything within a path part, `**` for anything. Linear in the text: no regular expression. */
export function matchesPath(glob: string, text: string): boolean {
  // rest[i]: whether glob from here on matches text from i on; worked out from the end of the glob.
  let rest = Array.from({ length: text.length + 1 }, (_, at) => at === text.length)
  for (let at = glob.length - 1; at >= 0; at--) {
    const now: boolean[] = new Array<boolean>(text.length + 1).fill(false)
    const star = glob[at] === '*'
    const wide = star && glob[at - 1] === '*'
    for (let from = text.length; from >= 0; from--)
      now[from] = star ? rest[from]! || (from < text.length && (wide || text[from] !== '/') && now[from + 1]!) : from < text.length && glob[at] === text[from] && rest[from + 1]!
    if (wide) at--
    rest = now
  }
  return rest[0]!
}
