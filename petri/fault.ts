import type { FaultCode } from './fault-code.js'
import type { Finding, Level, Position } from './finding.js'

/** What a codec found wrong at a path of the value; `at` where the path alone does not say it. */
export interface Fault {
  readonly code: FaultCode
  readonly message: string
  readonly remedy: string
  readonly path: readonly (string | number)[]
  readonly at?: Position
  readonly level?: Level
}

/** Most findings a codec reports for one file. */
export const MAX_FAULTS = 50

/** `net/transition` or `net/place` or `net` that a path of a net's value is about; empty outside a net. */
export function elementOf(net: string | undefined, path: readonly (string | number)[]): string {
  if (net === undefined) return ''
  const inside = (path[0] === 'places' || path[0] === 'transitions' || path[0] === 'layout') && path.length > 1
  return inside ? `${net}/${path[1]}` : net
}

/** Faults as findings of a file, in the order of their positions; only the first MAX_FAULTS. */
export function findingsOf(file: string, net: string | undefined, faults: readonly Fault[], position: (path: readonly (string | number)[]) => Position): Finding[] {
  const findings = faults.map((fault) => {
    const { line, column } = fault.at ?? position(fault.path)
    const { code, message, remedy } = fault
    return { code, level: fault.level ?? 'error', file, line, column, element: elementOf(net, fault.path), message, remedy } as const
  })
  findings.sort((a, b) => a.line - b.line || a.column - b.column)
  // errors first when there are too many to show all: a warning must not hide one
  if (findings.length <= MAX_FAULTS) return findings
  return [...findings.filter((f) => f.level === 'error'), ...findings.filter((f) => f.level !== 'error')].slice(0, MAX_FAULTS)
}
