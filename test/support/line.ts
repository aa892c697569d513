import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll } from 'vitest'

export interface Line {
  readonly url: string
  /** refuses connections, and breaks those that are */
  away: boolean
  cut(): void
}

interface Habits {
  /** cuts a connection on which nothing was sent for so long, as many proxies do */
  readonly idleMs?: number
  /** bytes on their way to the controller */
  readonly up?: (bytes: Buffer) => void
  /** bytes on their way back; false breaks the line instead */
  readonly down?: (bytes: Buffer) => boolean
}

/** A line to a server that can be watched and cut. Call it where afterAll is heard. */
export async function openLine(target: string, habits: Habits = {}): Promise<Line> {
  const { hostname, port } = new URL(target)
  const pairs = new Set<() => void>()
  const server = createServer((client) => {
    if (line.away) {
      client.destroy()
      return
    }
    const upstream = connect(Number(port), hostname)
    let timer: NodeJS.Timeout | undefined
    const cut = (): void => {
      clearTimeout(timer)
      pairs.delete(cut)
      client.destroy()
      upstream.destroy()
    }
    pairs.add(cut)
    const pass = (from: Socket, to: Socket, look: (bytes: Buffer) => boolean): void => {
      from.on('error', cut).on('close', cut).on('data', (bytes: Buffer) => {
        clearTimeout(timer)
        if (habits.idleMs !== undefined) timer = setTimeout(cut, habits.idleMs)
        if (look(bytes)) to.write(bytes)
        else cut()
      })
    }
    pass(client, upstream, (bytes) => {
      habits.up?.(bytes)
      return true
    })
    pass(upstream, client, habits.down ?? (() => true))
  })
  const line: Line = {
    url: await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))),
    away: false,
    cut: () => [...pairs].forEach((cut) => cut()),
  }
  afterAll(() => {
    server.close()
    line.cut()
  })
  return line
}
