import type { Command } from 'commander'
import { relayMcp } from '../mcp-relay.js'
import type { Shell } from '../shell.js'

/** `agenticos mcp`: the tools for a program that speaks MCP on standard input and output. */
export function mcp(program: Command, shell: Shell): void {
  program.command('mcp')
    .description('serve the tools by MCP on standard input and output, for coding agents (docs/mcp.md)')
    .action(async () => relayMcp(shell))
}
