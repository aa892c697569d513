import { z } from 'zod'
import { ownSession } from '../address.js'
import { container, containerName, containerSession } from '../container-words.js'
import { tool } from '../tool.js'

/** An image may have to be fetched first. */
const WAIT_MS = 100_000

export const dockerRun = tool({
  name: 'DOCKER_RUN',
  tier: 'execute',
  touch: 'outside',
  description: 'Starts a container of an image that the operator allows, on the host of an executor: without network unless the operator gave it one, with bounded memory, processors and processes, and stopped after `ttl` seconds. DOCKER_LOGS reads its output while it is there.',
  parameters: z.strictObject({
    image: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9._:/@-]{0,254}$/, 'write an image such as docker.io/library/alpine:3.22').describe('Image with its registry and tag, exactly as the operator allows it.'),
    args: z.array(z.string().max(8192)).max(100).default([]).describe('Words after the image: its command.'),
    env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/), z.string().max(8192)).default({}).describe('Environment. It is recorded: no secrets.'),
    ttl: z.int().min(1).max(86_400).describe('Seconds until it is stopped, a day at most.'),
    name: containerName.optional().describe('Its name in the session; made from the image unless given.'),
    session: containerSession,
  }),
  answer: container.extend({ scope: z.string() }),
  async run({ image, args, env, ttl, name, session }, desk) {
    const scope = session ?? ownSession(desk)
    const order = { verb: 'run', name: name ?? nameOf(image), image, args, env, ttl }
    return { ...(await desk.outside.container(scope, order, WAIT_MS) as object), scope: `session ${scope}` } as never
  },
})

function nameOf(image: string): string {
  const last = image.split(/[:@]/)[0]!.split('/').at(-1)!.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 30)
  return `${last.replace(/-+$/, '') || 'container'}-${crypto.randomUUID().slice(0, 6)}`
}
