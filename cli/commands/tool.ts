import type { Command } from 'commander'
import type { Json } from '../../petri/json.js'
import { isObject } from '../../petri/json.js'
import { API } from '../../protocol/api.js'
import type { ToolAnswer } from '../../protocol/api/tools.js'
import { usage } from '../failure.js'
import { printedAsValue, printList, printValue, withOutput, type Format, type View } from '../output.js'
import { openInput, readAll } from '../read-input.js'
import type { Shell } from '../shell.js'

const view: View<ToolAnswer> = {
  none: 'no tools',
  name: (row) => row.name,
  columns: [
    { head: 'TOOL', cell: (row) => row.name },
    { head: 'TIER', cell: (row) => row.tier },
    { head: 'PARAMETERS', cell: (row) => parametersOf(row) },
    { head: 'WHAT', cell: (row) => row.description.split(/(?<=\.) /)[0]!, wide: true },
  ],
}

/** `agenticos tool list|call`: the agents' tools, with the rights of the token in use. */
export function tool(program: Command, shell: Shell): void {
  const group = program.command('tool').description('list and call the tools that agents have')

  withOutput(group.command('list').description('the tools that the token in use may call'))
    .action(async ({ output }: { output: Format }) => printList(shell, output, view, (await shell.client().call(API.listTools)).items))

  withOutput(group.command('call'))
    .description('call a tool; it is recorded as any other call')
    .argument('<tool>', 'its name, e.g. QUERY_TOKENS')
    .argument('[input]', 'its parameters: a JSON object, @FILE, or - for stdin', '{}')
    .action(async (name: string, input: string, { output }: { output: Format }) => {
      const answer: Json = await shell.client().call(API.callTool, { params: { tool: name }, body: await readParameters(shell, input) })
      const value = isObject(answer) ? answer : { answer }
      if (!printedAsValue(shell, output, value)) printValue(shell, 'yaml', value)
    })
}

async function readParameters(shell: Shell, input: string): Promise<Json> {
  const text = input === '-' || input.startsWith('@') ? await readAll(openInput(shell, input === '-' ? '-' : input.slice(1))) : input
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    return usage(`the input is no JSON: ${error instanceof Error ? error.message : String(error)}`, `agenticos tool call QUERY_TOKENS '{"place": "demo/net/place"}'`)
  }
}

/** `place, arcql?, limit?` */
function parametersOf({ parameters }: ToolAnswer): string {
  const { properties = {}, required = [] } = parameters as { properties?: object; required?: readonly string[] }
  return Object.keys(properties).map((key) => (required.includes(key) ? key : `${key}?`)).join(', ')
}
