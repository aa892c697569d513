/** A text without the one code fence that stands around all of it. */
export function unfenced(text: string): string {
  return /^\s*```[\w-]*[ \t]*\r?\n([\s\S]*?)\r?\n?```\s*$/.exec(text)?.[1] ?? text
}
