import { setTimeout as sleep } from 'node:timers/promises'
import { UnreachableError } from '../protocol/client.js'
import { jsonText } from './json-text.js'
import { look, type Format, type View } from './output.js'
import type { Shell } from './shell.js'
import { table } from './table.js'

const EVERY = 1_000

/** Shows a list, then each row that is new or has changed (kubectl's way), until Ctrl-C. Ages alone are no change. */
export async function watchList(
  shell: Shell, format: Format, view: (now: number) => View<never>, rows: () => Promise<{ rows: readonly object[] }>,
): Promise<void> {
  const known = new Map<string, string>()
  let begun = false
  while (!shell.signal.aborted) {
    const now = Date.now()
    const shown = view(now) as View<object>
    const current = await rows().catch((error: unknown) => {
      if (!begun || !(error instanceof UnreachableError)) throw error
      shell.progress('the server does not answer; trying again')
      return undefined
    })
    const fresh = (current?.rows ?? []).filter((row) => {
      const [name, text] = [shown.name(row), JSON.stringify(row)]
      const changed = known.get(name) !== text
      known.set(name, text)
      return changed
    })
    if (current) shell.done()
    if (fresh.length > 0) print(shell, format, shown, fresh, begun)
    if (current) begun = true
    await sleep(EVERY, undefined, { signal: shell.signal }).catch(() => undefined)
  }
}

function print(shell: Shell, format: Format, view: View<object>, rows: readonly object[], begun: boolean): void {
  if (format === 'json' || format === 'yaml') return rows.forEach((row) => shell.print(jsonText(row)))
  if (format === 'name') return rows.forEach((row) => shell.print(view.name(row)))
  const lines = table(view.columns, rows, look(shell, format))
  for (const line of begun ? lines.slice(1) : lines) shell.print(line)
}
