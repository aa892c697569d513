import type { Flaw } from './rule.js'
import type { SessionRule } from './session-rule.js'

export const sessionName: SessionRule = {
  code: 'session-name',
  level: 'error',
  explanation: 'session.yaml is not named as the folder it lies in, which is the session.',
  *check(file, { session }): Iterable<Flaw> {
    if (session === '' || file.metadata.name === session) return
    yield {
      path: ['metadata', 'name'],
      message: `The session is called ${file.metadata.name} and lies in the folder ${session}.`,
      remedy: `Set metadata.name to ${session}, or rename the folder.`,
    }
  },
}
