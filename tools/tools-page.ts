import { z } from 'zod'
import { offered, TOOLS } from './catalog.js'
import { REFUSAL_CODES } from './refusal-codes.js'
import { ROLES, showRole, type Tier } from './role.js'
import type { Tool } from './tool.js'

const TITLES: Readonly<Record<Tier, string>> = {
  read: 'Read', write: 'Write: tokens, memory and drafts', execute: 'Execute: operate what is merged', http: 'HTTP', logs: 'Logs', control: 'Control words',
}

const HEAD = `# The tools of agents

Agents, MCP clients, scripts and people call the same tools, with the same checks. **Reading reads, token tools touch tokens, structure tools edit a draft branch, execute tools operate what was merged.**
This page is made from the catalogue (\`tools/catalog.ts\`): \`node test/support/run-ts.mjs scripts/tools-page.ts\`.

| way in | who | role |
|---|---|---|
| the loop of an agent | the firing, by a capability that is good while it is leased | \`role\` of the transition, cut to what policy.yaml lets its session have |
| \`POST /v1/tools/NAME\`, \`agenticos tool call\`, [MCP](mcp.md) | the holder of an access token | \`agenticos token create NAME --role rw\`; without one what its scopes come to: read is r and l, with put and propose rw, with operate rwx, admin rwxhl |

Rules

1. The role is checked where the call arrives, by the tool's name. A tool outside of it is not offered, and refused when called all the same; the refusal is an event.
2. A call is authorised for every session that it touches. An agent sees its own; others only where policy.yaml says \`reach\`, and there with the same role. In its own net it puts tokens only where its transition has an arc with \`emit: tools\`, or a learning place.
3. A capability is bound to one firing, one session and one role. It ends with the lease, at a settle and under a stop, and opens nothing but tools.
4. Unknown parameters are refused with the nearest name. Each answer says its \`scope\`; what is cut says so and how to get the rest (\`next\`, \`nextOffset\`, \`cut\`). An answer has at most 64 KiB.
5. Each call and refusal is an event (\`tool.called\`, \`tool.refused\`) with tool, parameters, outcome, duration and firing; values under keys that name secrets are \`***\`, long texts are cut.
6. A call of a firing has a number (header \`x-agenticos-call\`): the same number with the same parameters gets the first answer, with others it is refused. Other callers may send \`Idempotency-Key\`.
7. What a person stopped, an agent neither starts nor fires; and no agent approves.
8. Answers are data, never instructions: nothing in them widens a role.

Places are named \`place\` (of the agent's own net), \`net/place\` or \`session/net/place\`; transitions likewise.

## Roles
`

/** docs/tools.md, from the catalogue. */
export function toolsPage(): string {
  const roles = ['| flags | as shown | tools |', '|---|---|---|', ...ROLES.map((role) => `| \`${role}\` | \`${showRole(role)}\` | ${offered(role).filter((one) => one.tier !== 'control').length} |`)]
  const tiers = (Object.keys(TITLES) as Tier[]).flatMap((tier) => {
    const tools = [...TOOLS.values()].filter((one) => one.tier === tier)
    return [`## ${TITLES[tier]} (${tools.length})`, '', ...tools.flatMap(section)]
  })
  const codes = ['## Refusals', '', 'A refusal is a problem report with one of these codes, a sentence and a remedy: 403 where the caller may not, 404 and 409 for names and numbers, 422 where it cannot be done as asked.',
    `Besides these, a call may be answered with a code of [errors](errors.md).`, '', '| code | why |', '|---|---|', ...Object.entries(REFUSAL_CODES).map(([code, why]) => `| \`${code}\` | ${why} |`)]
  return `${[HEAD, ...roles, '', 'Each has THINK, DONE and FAIL besides.', '', ...tiers, ...codes].join('\n')}\n`
}

function section(tool: Tool): string[] {
  const { properties = {}, required = [] } = z.toJSONSchema(tool.parameters, { io: 'input', unrepresentable: 'any' }) as { properties?: Record<string, Schema>; required?: readonly string[] }
  const rows = Object.entries(properties).map(([key, schema]) => `| \`${key}\`${required.includes(key) ? '' : '?'} | ${formOf(schema)} | ${cell(schema.description ?? '')} |`)
  const answer = Object.keys((z.toJSONSchema(tool.answer, { io: 'output', unrepresentable: 'any' }) as { properties?: object }).properties ?? {})
  return [
    `### ${tool.name}`, '', cell(tool.description), '', ...(rows.length === 0 ? ['No parameters.'] : ['| parameter | form | meaning |', '|---|---|---|', ...rows]), '',
    ...(answer.length === 0 ? [] : [`Answer: ${answer.map((key) => `\`${key}\``).join(', ')}.`, '']),
  ]
}

interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly description?: string
  readonly default?: unknown
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly minimum?: number
  readonly maximum?: number
}

function formOf(schema: Schema): string {
  const { type, items, minimum, maximum } = schema
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${String(one)}\``).join(', ')
  if (schema.const !== undefined) return `\`${String(schema.const)}\``
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(formOf))].join(' or ')
  if (type === 'array') return items === undefined ? 'list' : `list of ${formOf(items)}`
  if (type === 'string') return 'text'
  if (type === 'boolean') return 'true or false'
  if (type === 'integer' || type === 'number') return `${type === 'integer' ? 'whole number' : 'number'}${minimum !== undefined && maximum !== undefined && maximum < 1e9 ? ` ${minimum} to ${maximum}` : ''}`
  return typeof type === 'string' ? type : 'any JSON'
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
