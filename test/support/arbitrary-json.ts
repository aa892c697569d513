import fc from 'fast-check'
import type { Json } from '../../petri/json.js'

/** Texts that trip writers: words that YAML takes for other things, quotes, escapes, controls, astral characters, line ends. */
export const arbitraryText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('', ' ', 'yes', 'no', 'on', 'null', '~', 'true', '1', '0x1F', '1e3', '- a', 'a: b', '# c', '&a', '*a', '!t', '%', '@', '`', '|', '>', "it's", '"', '\\', 'a\nb', 'a\n', '\na', 'a \nb', 'a\n\n\nb\n\n', '\ta', 'a\r\nb', '\u0001', '\u007f\u0085\u2028', '\ufeff', '\ufffe', '🦊', ']]>', '<a>&amp;', '${x}', '$${x}', '__proto__', '2026-01-01', '[', '{', '---', '...', '<<', '=') },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
).filter((text) => !text.includes('\0') && !/\p{Surrogate}/u.test(text))

const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, 1e21, 1e-7, 9007199254740991, 5e-324, 1.7976931348623157e308)).map((n) => n + 0)

/** Any JSON a token may carry, keys such as `__proto__` among them. */
export const arbitraryJson: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof({ maxDepth: 4, depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Json>(null, true, false), number, arbitraryText,
    fc.array(tie('json'), { maxLength: 4 }),
    // by entries: `__proto__` must become a key of its own, here too
    fc.uniqueArray(fc.tuple(arbitraryText, tie('json')), { selector: ([key]) => key, maxLength: 4 }).map((entries) => Object.fromEntries(entries) as Json)),
})).json
