import { API } from '../../protocol/api.js'
import type { Client } from '../../protocol/client.js'
import type { TestApi } from './api.js'

const PAUSE = 20

/** Asks until the answer is there; the test's own time limit ends it. */
export async function until<T>(ask: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
  }
}

export const netText = (name: string, rest: string): string => `apiVersion: agenticos.dev/v1\nkind: Net\nmetadata: {name: ${name}}\n${rest}`

/** Proposes nets of a session as files, merges them, and waits until their session runs them. */
export async function mergeNets(api: TestApi, session: string, nets: Record<string, string>): Promise<string> {
  const files = Object.entries(nets).map(([name, rest]) => ({ path: `nets/${session}/${name}.yaml`, content: netText(name, rest) }))
  const opened = await api.client.call(API.openProposal, { body: { title: `Nets of ${session}`, files, replace: [`nets/${session}`] } })
  const merged = await api.client.call(API.mergeProposal, { params: { proposal: opened.number }, body: {} })
  const commit = merged.merged!.commit
  await until(async () => (await api.client.call(API.listRevisions)).items.find((row) => row.commit === commit && row.state === 'applied'))
  await ready(api.client, session)
  return commit
}

export async function ready(client: Client, session: string): Promise<void> {
  await until(async () => (await client.call(API.getSession, { params: { session } }).catch(() => undefined))?.ready)
}
