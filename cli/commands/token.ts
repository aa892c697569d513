import type { Command } from 'commander'
import { API } from '../../protocol/api.js'
import { SCOPES, type Scope } from '../../protocol/api/route.js'
import { nearest } from '../../petri/nearest.js'
import { isRole, ROLES } from '../../tools/role.js'
import { usage } from '../failure.js'
import { printedAsValue, printList, withOutput, type Format } from '../output.js'
import { plain } from '../paint.js'
import { readSpan } from '../span.js'
import type { Shell } from '../shell.js'
import { access as view } from '../views/history.js'

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, ...value.split(',').map((one) => one.trim()).filter((one) => one !== '')]

interface Create {
  readonly output: Format
  readonly scope: readonly string[]
  readonly session: readonly string[]
  readonly expires?: string
  readonly kind: string
  readonly role?: string
  readonly agent?: boolean
}

/** `agenticos token create|list|revoke`: access tokens. */
export function token(program: Command, shell: Shell): void {
  const group = program.command('token').description('create, list and revoke access tokens')

  withOutput(group.command('create'))
    .description('create an access token; it is printed this once')
    .argument('<name>', 'who or what it is for')
    .option('--scope <scopes>', `${SCOPES.join(', ')}; several with commas`, collect, [])
    .option('--session <globs>', 'sessions it covers; * stands for any letters (default all)', collect, [])
    .option('--expires <span>', 'ends after (12h, 30d)')
    .option('--kind <kind>', 'api, or bootstrap for registering executors', 'api')
    .option('--role <role>', `what tools it may call: ${ROLES.join(', ')}; alone it gives the scopes too`)
    .option('--agent', 'an agent holds it: it approves nothing and merges nothing')
    .action(async (name: string, options: Create) => {
      if (options.kind !== 'api' && options.kind !== 'bootstrap') usage(`there is no kind ${options.kind}`, '--kind api, or --kind bootstrap')
      const wrong = options.scope.find((one) => !SCOPES.includes(one as Scope))
      if (wrong !== undefined) usage(`there is no scope ${wrong}`, `${nearest(wrong, SCOPES) ? `--scope ${nearest(wrong, SCOPES)}; ` : ''}the scopes are ${SCOPES.join(', ')}`)
      const { role } = options
      if (role !== undefined && !isRole(role)) usage(`there is no role ${role}`, `the roles are ${ROLES.join(', ')}`)
      if (options.kind === 'api' && options.scope.length === 0 && role === undefined) usage('an api token needs a scope or a role', `agenticos token create ${name} --scope read, or --role rw`)
      const made = await shell.client().call(API.createAccess, {
        body: {
          name, kind: options.kind, scopes: options.scope as Scope[],
          ...(role === undefined ? {} : { role }), ...(options.agent === true ? { agent: true } : {}),
          ...(options.session.length === 0 ? {} : { sessions: [...options.session] }),
          ...(options.expires === undefined ? {} : { expiresInDays: readSpan(options.expires, '--expires') / 86_400_000 }),
        },
      })
      if (printedAsValue(shell, options.output, made)) return
      shell.print(made.token)
      shell.warn(`token ${made.id} (${plain(made.name)}) is shown this once; it ends ${made.expiresAt === null ? 'never' : made.expiresAt}`)
    })

  withOutput(group.command('list').description('list access tokens; never their secrets'))
    .action(async ({ output }: { output: Format }) => printList(shell, output, view(Date.now()), (await shell.client().call(API.listAccess)).items))

  withOutput(group.command('revoke'))
    .description('revoke an access token at once')
    .argument('<id>', 'its id; agenticos token list')
    .action(async (id: string, { output }: { output: Format }) => {
      const one = await shell.client().call(API.revokeAccess, { params: { id } })
      if (!printedAsValue(shell, output, one)) shell.print(`token ${one.id} (${plain(one.name)}) revoked`)
    })

  withOutput(group.command('whoami').description('who the token in use is and what it may do'))
    .action(async ({ output }: { output: Format }) => {
      const one = await shell.client().call(API.whoami)
      if (!printedAsValue(shell, output, one)) shell.print(`${plain(one.name)}: ${one.scopes.join(', ')} on ${one.sessions.join(', ')}`)
    })
}
