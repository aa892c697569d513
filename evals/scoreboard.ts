import type { Score } from './run-task.js'

/** The table of a run: a line a task, and what it came to. */
export function scoreboard(scores: readonly Score[], model: string): string {
  const width = Math.max(...scores.map((score) => score.task.length), 4)
  const row = (task: string, pass: string, ...rest: string[]): string => `${task.padEnd(width)}  ${pass.padEnd(4)}  ${rest.map((cell, at) => cell.padStart([5, 5, 9, 8][at] ?? 0)).join('  ')}`
  const money = (usd: number): string => usd.toFixed(usd > 0 && usd < 0.01 ? 6 : 4)
  const sum = (key: 'iterations' | 'calls' | 'usd' | 'ms'): number => scores.reduce((total, score) => total + score[key], 0)
  const passed = scores.filter((score) => score.passed).length
  return [
    row('TASK', 'PASS', 'TURNS', 'CALLS', 'USD', 'SECONDS'),
    ...scores.flatMap((score) => [
      row(score.task, score.passed ? 'yes' : 'NO', String(score.iterations), String(score.calls), money(score.usd), (score.ms / 1000).toFixed(1)),
      ...(score.passed ? [] : [`${' '.repeat(width)}  ${score.reason.replace(/\s+/g, ' ').slice(0, 300)}`]),
    ]),
    row(`${model}: ${passed} of ${scores.length}`, '', String(sum('iterations')), String(sum('calls')), money(sum('usd')), (sum('ms') / 1000).toFixed(1)),
  ].join('\n')
}
