import { z } from 'zod'
import { ownSession } from '../address.js'
import { container, containerSession, ENGINE_WAIT_MS } from '../container-words.js'
import { tool } from '../tool.js'

export const dockerList = tool({
  name: 'DOCKER_LIST',
  tier: 'execute',
  touch: 'reads',
  description: 'Lists the containers of this session, on every executor that runs containers. What ended is gone.',
  parameters: z.strictObject({ filter: z.string().min(1).max(100).optional().describe('A part of the name or image.'), session: containerSession }),
  answer: z.object({ scope: z.string(), shown: z.int(), containers: z.array(container) }),
  async run({ filter, session }, desk) {
    const scope = session ?? ownSession(desk)
    const { containers } = await desk.outside.container(scope, { verb: 'list' }, ENGINE_WAIT_MS) as { containers: z.infer<typeof container>[] }
    const found = containers.filter(({ name, image }) => filter === undefined || name.includes(filter) || image.includes(filter))
    return { scope: `session ${scope}`, shown: found.length, containers: found }
  },
})
