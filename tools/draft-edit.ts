import { z } from 'zod'
import type { JsonObject } from '../petri/json.js'
import { EditFault } from '../petri/net-edit/edit-fault.js'
import { netAddress } from './address.js'
import type { Desk } from './desk.js'
import { briefly, findingList } from './finding-words.js'

/** What every tool says that edits the draft. */
export const draftAnswer = z.object({
  net: z.string().describe('session/net.'),
  branch: z.string().describe('The draft. Nothing of it runs before its proposal is merged.'),
  changed: z.boolean().describe('False: the draft had it already.'),
  ...findingList,
})
export type DraftAnswer = z.output<typeof draftAnswer>

export const elementParameter = z.string().min(1).max(200)

/** Edits a net of the caller's draft. `edit` is pure, and run again when another writer was first. */
export async function editNet(desk: Desk, tool: string, net: string, element: string, edit: (value: JsonObject, path: string) => JsonObject): Promise<DraftAnswer> {
  const address = netAddress(desk, net)
  return await editFile(desk, tool, net, element, (value, path) => {
    if (value === undefined) throw new EditFault('not-found', `there is no net ${address.session}/${address.net}`, 'CREATE_NET makes it; LIST_SESSION_NETS and GET_NET_STRUCTURE tell what there is')
    return edit(value, path)
  })
}

/** The same where the net need not be there, and may go. */
export async function editFile(desk: Desk, tool: string, net: string, element: string, edit: Parameters<Desk['drafts']['edit']>[3]): Promise<DraftAnswer> {
  const address = netAddress(desk, net)
  const shown = `${address.session}/${address.net}`
  const { branch, changed, findings } = await desk.drafts.edit(address.session, address.net, `${tool} ${shown}${element === '' ? '' : `/${element}`}`, edit)
  return { net: shown, branch, changed, ...briefly(findings) }
}

/** What was given of these parameters, as keys of the file. */
export function given(parameters: object): JsonObject {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined)) as JsonObject
}
