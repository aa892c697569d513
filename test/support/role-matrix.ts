import { expect } from 'vitest'
import { isRole, type Role } from '../../tools/role.js'

// The table of the tools, by hand and not from the catalogue: what each role may call.
const READ = [
  'QUERY_TOKENS', 'LIST_PLACES', 'GET_PLACE_INFO', 'GET_PLACE_CONNECTIONS', 'GET_LINKED_PLACES', 'FIND_SHARED_PLACES', 'EXTRACT_TOKEN_CONTENT', 'GET_TRANSITION', 'LIST_ALL_INSCRIPTIONS',
  'VERIFY_INSCRIPTION', 'VERIFY_RUNTIME_BINDINGS', 'DRY_RUN_TRANSITION', 'DIAGNOSE_TRANSITION', 'GET_NET_STRUCTURE', 'VERIFY_NET', 'EXPORT_PNML', 'LIST_ALL_SESSIONS', 'LIST_SESSION_NETS',
]
const WRITE = [
  'CREATE_TOKEN', 'DELETE_TOKEN', 'CREATE_NET', 'DELETE_NET', 'CREATE_PLACE', 'DELETE_PLACE', 'CREATE_TRANSITION', 'DELETE_TRANSITION', 'CREATE_ARC', 'DELETE_ARC', 'SET_INSCRIPTION', 'NET_DOCTOR', 'EMIT_MEMORY',
]
const EXECUTE = [
  'DEPLOY_TRANSITION', 'START_TRANSITION', 'STOP_TRANSITION', 'FIRE_ONCE', 'EXECUTE_TRANSITION', 'EXECUTE_TRANSITION_SMART', 'DOCKER_RUN', 'DOCKER_STOP', 'DOCKER_LIST', 'DOCKER_LOGS',
]
const HTTP = ['HTTP_CALL']
const LOGS = ['QUERY_EVENTS']
const CONTROL = ['THINK', 'DONE', 'FAIL']

export const ALL_TOOLS: readonly string[] = [...READ, ...WRITE, ...EXECUTE, ...HTTP, ...LOGS, ...CONTROL]

/** What each role may call: 18, 31, 41 and 42 tools, one more with l, and the three control words. */
export const MATRIX: Readonly<Record<Role, readonly string[]>> = {
  r: [...READ, ...CONTROL],
  rw: [...READ, ...WRITE, ...CONTROL],
  rwx: [...READ, ...WRITE, ...EXECUTE, ...CONTROL],
  rwxh: [...READ, ...WRITE, ...EXECUTE, ...HTTP, ...CONTROL],
  rl: [...READ, ...LOGS, ...CONTROL],
  rwl: [...READ, ...WRITE, ...LOGS, ...CONTROL],
  rwxl: [...READ, ...WRITE, ...EXECUTE, ...LOGS, ...CONTROL],
  rwxhl: [...READ, ...WRITE, ...EXECUTE, ...HTTP, ...LOGS, ...CONTROL],
}
export const MATRIX_ROLES = Object.keys(MATRIX).filter(isRole)

/** No tool has this parameter: a call that its role lets through ends there and does nothing. */
export const HARMLESS = { nothingOfThisName: true }

/**
 * Calls every tool with every role through one entry point; `call` gives the code of the refusal. What the role lets
 * through is refused for its parameters, all else for the role.
 */
export async function walkMatrix(call: (role: Role, tool: string) => Promise<string>): Promise<void> {
  for (const role of MATRIX_ROLES) {
    const told = Object.fromEntries(await Promise.all(ALL_TOOLS.map(async (tool) => [tool, await call(role, tool)])))
    const wanted = Object.fromEntries(ALL_TOOLS.map((tool) => [tool, MATRIX[role].includes(tool) ? 'bad-parameters' : 'forbidden-tool']))
    expect({ role, told }).toEqual({ role, told: wanted })
  }
}
