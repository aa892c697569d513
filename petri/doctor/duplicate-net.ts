import type { Flaw, Rule } from './rule.js'

export const duplicateNet: Rule = {
  code: 'duplicate-net',
  level: 'error',
  explanation: 'Two files of a session hold a net of the same name, so nobody could say which one runs.',
  *check({ draft, file, world }): Iterable<Flaw> {
    const first = world.net(file.metadata.name)
    if (!first || first.file === draft.file) return
    yield {
      path: ['metadata', 'name'],
      message: `${first.file} holds the net ${file.metadata.name} too.`,
      remedy: 'Keep one of the two files, or give one net another name.',
    }
  },
}
