import type { Socket } from 'node:net'
import { PROBLEM_TYPE } from '../../protocol/problem.js'
import { makeProblem } from './problem.js'

const KNOWN: Readonly<Record<string, readonly [number, string, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'the address and headers are over 16 KiB', 'put long things into the body'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request did not come to its end in time', 'send it whole, and faster'],
}

/** Answers what is no HTTP request, and closes the line. */
export function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const [status, message, remedy] = KNOWN[error.code ?? ''] ?? [400, 'this is no HTTP request', 'send HTTP/1.1']
  const told = makeProblem({ code: 'bad-request', status, message, remedy })
  const body = JSON.stringify(told)
  socket.end(`HTTP/1.1 ${status} ${told.title}\r\nConnection: close\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
}
