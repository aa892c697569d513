import type { Net } from '../../petri/net.js'
import { API } from '../../protocol/api.js'
import { CliFailure } from '../failure.js'
import type { Shell } from '../shell.js'
import { applyFiles } from './apply-files.js'
import { NET, SYSTEM, type ChatRole } from './conversation.js'
import { mannerOf } from './lines.js'
import { packageFile } from './package-file.js'
import type { Agree } from './setup.js'

const OPERATOR = 'operator'
const FILE = `nets/${SYSTEM}/${OPERATOR}.yaml`

/** What agents of the net operator may, and for whom. */
const ALLOWS = `Whoever may put into ${SYSTEM}/${NET}/requests may then have agents start, stop, deploy and fire what is merged, run containers and (rwxhl) make HTTP calls, in every session that policy.yaml lets agents of ${SYSTEM} reach.`

/** Makes sure that somebody answers who has this role: operating is in a net of its own, which a person merges deliberately. */
export async function needRole(shell: Shell, agree: Agree, role: ChatRole | undefined): Promise<void> {
  if (role === undefined || role === 'rl' || role === 'rwl') return
  const client = shell.client()
  const { items } = await client.call(API.listNets, { query: { session: SYSTEM, limit: 1000 } })
  const nets = await Promise.all(items.map(async ({ name }) => (await client.call(API.getNet, { params: { session: SYSTEM, net: name } })).definition as unknown as Net))
  if (nets.some((net) => answersAs(net, role))) return
  if (nets.some(({ name }) => name === OPERATOR)) throw new CliFailure(`${SYSTEM}/${OPERATOR} runs, and no agent of it has the role ${role}`, `change ${FILE} by a proposal`)
  if (!await agree(`No agent here has the role ${role}. ${ALLOWS} Propose ${FILE} and merge it?`)) {
    // who was asked has read it
    throw new CliFailure(`no agent here has the role ${role}: it comes with the net ${SYSTEM}/${OPERATOR}`, `agenticos chat --role ${role} --yes proposes and merges ${FILE}${mannerOf(shell) === 'pipe' ? `. ${ALLOWS}` : ''}`)
  }
  const number = await applyFiles(shell, 'Let agents of chat operate', ALLOWS, [{ path: FILE, content: packageFile(`nets/${SYSTEM}/${OPERATOR}/${OPERATOR}.yaml`) }])
  shell.print(shell.paint('dim', `${SYSTEM}/${OPERATOR} runs (proposal ${number})`))
}

/** Whether an agent of a net takes requests of chat with this role. */
function answersAs(net: Net, role: ChatRole): boolean {
  return Object.values(net.transitions).some(({ kind, action, inputs }) => kind === 'agent' && action?.['role'] === role && inputs.some(({ address }) => address === `${NET}/requests`))
}
