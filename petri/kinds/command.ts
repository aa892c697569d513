import { z } from 'zod'
import { choice, object, size, table, text } from '../scalar.js'

const word = z.union([z.string(), z.number(), z.boolean()], { error: 'must be a text, a number, true or false' })
const argv = z.array(word, { error: 'must be a list: program, then arguments' }).min(1, { error: 'must name a program' })

export const ENV = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/

/** command: exactly one of argv, pipeline, script. */
export const commandDo = object({
  argv: argv.describe('Program and arguments; no shell.').exactOptional(),
  pipeline: z.array(argv).min(1).describe('Argument lists piped by the executor; needs `allow`.').exactOptional(),
  allow: z.union([z.array(z.string()), table(z.string(), z.array(z.string()))], { error: 'must be a list of programs, or program: [options]' })
    .describe('Programs a pipeline may run, with the options each may have.').exactOptional(),
  script: text.min(1).describe('Text for a shell; no ${} in it, values go through env.').exactOptional(),
  env: table(z.string().regex(ENV, { error: 'must be the name of an environment variable' }), word).describe('Environment variables.').exactOptional(),
  dir: text.describe('Working directory.').exactOptional(),
  stdin: text.describe('Standard input.').exactOptional(),
  expect: z.array(z.int({ error: 'must be an exit code from 0 to 255' }).min(0).max(255)).min(1)
    .describe('Exit codes that are a success; [0] unless given.').exactOptional(),
  maxBytes: size.describe('Most bytes of output; 256KiB unless given.').exactOptional(),
  parse: choice(['json', 'lines', 'xml']).describe('Adds `value`, read from stdout, to the result.').exactOptional(),
  workspace: text.describe('All commands of the session with the same text share a directory, one at a time.').exactOptional(),
}).describe('What is run: exactly one of argv, pipeline, script.')
export type CommandDo = z.infer<typeof commandDo>
