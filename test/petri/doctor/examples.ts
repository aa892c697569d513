import { parse } from 'yaml'
import { aroundOf } from '../../../petri/doctor/around.js'
import type { Surroundings } from '../../../petri/doctor/world.js'
import type { Finding } from '../../../petri/finding.js'
import type { Models } from '../../../petri/models.js'
import { readModels } from '../../../petri/models-read.js'
import type { Draft } from '../../../petri/net.js'
import type { Policy } from '../../../petri/policy.js'
import { readPolicy } from '../../../petri/policy-read.js'
import { readYaml } from '../../../petri/yaml/read.js'

export interface Example {
  readonly drafts: readonly Draft[]
  readonly around: (session: string) => Surroundings
  /** of models.yaml and policy.yaml */
  readonly findings: readonly Finding[]
}

/** The rows of the table: code, level, explanation. */
export function rowsOf(markdown: string): { code: string; level: string; explanation: string }[] {
  return [...markdown.matchAll(/^\| \[`([a-z-]+)`\]\(#\1\) \| (\w+) \| (.*) \|$/gm)].map(([, code, level, explanation]) => ({ code: code!, level: level!, explanation: explanation! }))
}

/** The bad and the good example under each `### code`. */
export function examplesOf(markdown: string): { code: string; bad: Example; good: Example }[] {
  return markdown.split(/^### /m).slice(1).map((section) => {
    const code = /^[a-z-]+/.exec(section)![0]
    const blocks = [...section.matchAll(/```yaml\n([\s\S]*?)```/g)].map((found) => exampleOf(found[1]!))
    if (blocks.length !== 2) throw new Error(`${code} has ${blocks.length} examples, and one it finds and one that is fine are needed`)
    return { code, bad: blocks[0]!, good: blocks[1]! }
  })
}

/** Files of a block, split at comments that name them; what is left out of a net's head is added below it, so that lines stay. */
export function exampleOf(block: string): Example {
  const known: Pick<Surroundings, 'executors'> = {}
  const settings: { models?: Models | null | undefined; policy?: Policy | undefined } = {}
  const findings: Finding[] = []
  const drafts: Draft[] = []
  let file = 'nets/demo/example.yaml'
  let lines: string[] = []
  const close = (): void => {
    const text = lines.join('\n')
    const name = /([^/]+)\.\w+$/.exec(file)![1]!
    if (file === 'models.yaml') {
      const read = readModels(file, /^kind:/m.test(text) || text.trim() === '' ? text : `${text}\napiVersion: agenticos.dev/v1\nkind: Models\n`)
      settings.models = text.trim() === '' ? null : read.models
      if (text.trim() !== '') findings.push(...read.findings)
    } else if (file === 'policy.yaml') {
      const read = readPolicy(file, `${text}\napiVersion: agenticos.dev/v1\nkind: Policy\n`)
      settings.policy = read.policy
      findings.push(...read.findings)
    } else if (text.trim() !== '') drafts.push(readYaml(file, /^kind:/m.test(text) ? text : `${text}\napiVersion: agenticos.dev/v1\nkind: Net\nmetadata: {name: ${name}}\n`))
    lines = []
  }
  for (const line of block.split('\n')) {
    const named = /^# (nets\/\S+|models\.yaml|policy\.yaml)$/.exec(line)
    const executors = /^# executors: (.*)$/.exec(line)
    if (named) {
      close()
      file = named[1]!
    } else if (executors) Object.assign(known, { executors: parse(executors[1]!) as unknown })
    else lines.push(line)
  }
  close()
  return { drafts, around: (session) => ({ ...known, ...aroundOf(session, settings) }), findings }
}
