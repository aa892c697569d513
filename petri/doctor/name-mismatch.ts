import type { Flaw, Rule } from './rule.js'

export const nameMismatch: Rule = {
  code: 'name-mismatch',
  level: 'error',
  explanation: 'The file is not named as its net, so an address such as `demo/ssh-watch` would lead to another file.',
  *check({ draft, file }): Iterable<Flaw> {
    const name = /(?:^|\/)nets\/[^/]+\/([^/]+)\.(?:ya?ml|pnml)$/.exec(draft.file)?.[1]
    if (name === undefined || name === file.metadata.name) return
    const extension = draft.file.slice(draft.file.lastIndexOf('.'))
    yield {
      path: ['metadata', 'name'],
      message: `The net is called ${file.metadata.name} but its file ${name}${extension}.`,
      remedy: `Rename the file to ${file.metadata.name}${extension}, or set metadata.name to ${name}.`,
    }
  },
}
