import { z } from 'zod'
import { ownSession } from '../address.js'
import { containerName, containerSession, ENGINE_WAIT_MS } from '../container-words.js'
import { tool } from '../tool.js'

export const dockerStop = tool({
  name: 'DOCKER_STOP',
  tier: 'execute',
  touch: 'outside',
  description: 'Stops and removes a container that DOCKER_RUN started in this session; its output goes with it.',
  parameters: z.strictObject({ name: containerName.describe('Its name; DOCKER_LIST tells them.'), session: containerSession }),
  answer: z.object({ scope: z.string(), name: z.string(), stopped: z.boolean(), executor: z.string() }),
  async run({ name, session }, desk) {
    const scope = session ?? ownSession(desk)
    return { ...(await desk.outside.container(scope, { verb: 'stop', name }, ENGINE_WAIT_MS) as object), scope: `session ${scope}` } as never
  },
})
