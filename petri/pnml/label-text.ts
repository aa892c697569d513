/** What a label can carry of a text: XML 1.0 has no control characters and no half surrogates. */
export function labelText(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\uFFFD')
}
