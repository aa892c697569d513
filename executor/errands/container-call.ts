import type { Json } from '../../petri/json.js'
import type { ContainerOrder } from '../../protocol/errand.js'
import type { Outcome } from '../../protocol/effect.js'
import { ContainerRefused, type ContainerPort } from '../containers/container-port.js'
import { failed } from '../failed.js'

/** One order about the containers of a session. */
export async function containerCall(session: string, order: ContainerOrder, containers: ContainerPort | undefined, signal: AbortSignal): Promise<Outcome> {
  try {
    if (containers === undefined) throw new ContainerRefused('engine-failed', 'this executor runs no containers')
    return { status: 'done', result: (await carryOut(session, order, containers, signal)) as never }
  } catch (error) {
    if (error instanceof ContainerRefused) return failed(error.code, error.message.slice(0, 2000))
    if (signal.aborted) return failed('timeout', 'the container engine did not answer in time')
    throw error
  }
}

async function carryOut(session: string, order: ContainerOrder, containers: ContainerPort, signal: AbortSignal): Promise<Json> {
  switch (order.verb) {
    case 'run': {
      const { name, image, args, env, ttl } = order
      return { ...(await containers.run({ session, name, image, args, env, ttlMs: ttl * 1000 }, signal)) }
    }
    case 'stop':
      await containers.stop(session, order.name, signal)
      return { name: order.name, stopped: true }
    case 'list':
      return { containers: (await containers.list(session, signal)).map((one) => ({ ...one })) }
    case 'logs':
      return { name: order.name, ...(await containers.logs(session, order.name, order.tail, signal)) }
  }
}
