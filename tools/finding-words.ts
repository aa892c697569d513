import { z } from 'zod'
import type { Finding } from '../petri/finding.js'

const MOST = 20

export const findingWords = z.object({
  level: z.enum(['error', 'warning', 'info']),
  code: z.string(),
  at: z.string().describe('The element, as net/name, or the file with its line.'),
  message: z.string(),
  remedy: z.string(),
})

/** Findings as answers carry them: errors first, cut loudly. */
export const findingList = {
  findings: z.array(findingWords).describe('What is wrong, errors first.'),
  more: z.int().describe('How many findings are left out.'),
}

/** The first findings, errors before all others, and how many more there are. */
export function briefly(findings: readonly Finding[], most = MOST): { findings: z.output<typeof findingWords>[]; more: number } {
  const sorted = [...findings].sort((a, b) => RANK[a.level] - RANK[b.level])
  const shown = sorted.slice(0, most).map(({ level, code, element, file, line, message, remedy }) => ({
    level, code, at: element === '' ? `${file}:${line}` : `${element} (${file}:${line})`, message, remedy,
  }))
  return { findings: shown, more: findings.length - shown.length }
}

const RANK = { error: 0, warning: 1, info: 2 } as const
