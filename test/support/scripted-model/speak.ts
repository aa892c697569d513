import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Usage } from '../../../petri/models.js'
import type { Fault, Said, ScriptedRequest } from './reply.js'
import type { Stop, Wire } from './wires.js'

const PIECE = 24
const LONG = 'and so on, '

/** Says it on the wire; resolves when all is written. */
export async function say(response: ServerResponse, wire: Wire, request: ScriptedRequest, said: Said, usage: Usage | undefined): Promise<void> {
  const calls = (said.calls ?? []).map((call, at) => ({ id: call.id ?? `call_${request.turn}_${at}`, name: call.name, input: call.input }))
  const stop: Stop = said.stop ?? (calls.length > 0 ? 'tools' : 'end')
  const whole = !request.streamed || said.whole === true
  response.writeHead(200, { 'content-type': whole ? 'application/json' : wire.contentType })
  if (whole) {
    response.end(wire.whole(said, calls, stop, usage))
    return
  }
  const pieces = [...piecesOf(said.text ?? '').map((text) => wire.piece(text)), ...calls.flatMap((call, at) => wire.call(at, call))]
  if (said.everyMs === undefined) {
    response.end(pieces.join('') + wire.finish(stop, usage))
    return
  }
  for (const piece of pieces) {
    if (response.destroyed) return
    // In two halves that may part a character, as a network does.
    const bytes = Buffer.from(piece)
    response.write(bytes.subarray(0, bytes.length >> 1))
    await sleep(said.everyMs)
    response.write(bytes.subarray(bytes.length >> 1))
  }
  response.end(wire.finish(stop, usage))
}

/** Lets it go wrong. */
export async function fail(response: ServerResponse, wire: Wire, fault: Fault): Promise<void> {
  const begin = (): unknown => response.writeHead(200, { 'content-type': wire.contentType })
  switch (fault.fault) {
    case 'status':
      response.writeHead(fault.status, { 'content-type': 'application/json' }).end(wire.refusal(fault.status, fault.message ?? 'the script says so', fault.code))
      return
    case 'rate-limited':
      response.writeHead(429, { 'content-type': 'application/json', ...(fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }) })
      response.end(wire.refusal(429, 'too many requests', 'rate_limit_exceeded'))
      return
    case 'cut':
      begin()
      await written(response, wire.piece(fault.text ?? 'the first half of '))
      if (fault.politely === true) response.end()
      else response.destroy()
      return
    case 'bad-json':
      begin()
      response.end(wire.piece('so far ') + (fault.line === undefined ? wire.garbage : wire.line(fault.line)) + wire.finish('end', undefined))
      return
    case 'error-midway':
      begin()
      response.end(wire.piece(fault.text ?? 'so far ') + wire.midway(fault.message ?? 'the model ran out of memory'))
      return
    case 'hang':
      if (fault.midway !== true) return
      begin()
      await written(response, wire.piece('so far '))
      return
    case 'endless':
      begin()
      while (!response.destroyed) await written(response, wire.piece(fault.text ?? LONG))
      return
    case 'huge': {
      begin()
      const bytes = fault.bytes ?? 10_000_000
      const text = LONG.repeat(Math.ceil((fault.oneLine === true ? bytes : 65_536) / LONG.length))
      for (let sent = 0; sent < bytes && !response.destroyed; sent += text.length) await written(response, wire.piece(text))
      response.end(wire.finish('end', undefined))
      return
    }
    default:
      throw new Error(`${fault.fault} is said, not suffered`)
  }
}

function piecesOf(text: string): string[] {
  const all = [...text]
  return Array.from({ length: Math.ceil(all.length / PIECE) }, (_, at) => all.slice(at * PIECE, (at + 1) * PIECE).join(''))
}

/** Resolves when it has left, or never will. */
function written(response: ServerResponse, text: string): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve)
    response.write(text, () => {
      response.off('close', resolve)
      setImmediate(resolve)
    })
  })
}
