import type { FastifyInstance } from 'fastify'
import { admitText } from '../../petri/canonical.js'
import { Failure } from '../errors.js'

/** `{data: ...}` or a list of data: a token's own 64 levels begin inside it */
const ENVELOPE = 1

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Reads bodies strictly: UTF-8 alone, and JSON as tokens carry it (no duplicate keys, no numbers that a double would change). */
export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      const text = readText(body as Buffer)
      if (text.trim() === '') return done(null, undefined)
      const read = admitText(text, request.routeOptions.bodyLimit ?? 1_048_576, ENVELOPE)
      if (!read.ok) throw new Failure(read.code === 'too-large' ? 'too-large' : 'bad-json', `body: ${read.message}`, read.remedy, { details: { reason: read.code } })
      done(null, read.value)
    } catch (error) {
      done(error as Error)
    }
  })
  app.addContentTypeParser('application/x-ndjson', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, readText(body as Buffer))
    } catch (error) {
      done(error as Error)
    }
  })
}

function readText(body: Buffer): string {
  try {
    return utf8.decode(body)
  } catch (cause) {
    throw new Failure('bad-json', 'body: its bytes are not UTF-8', 'send UTF-8; broken text can be sent as base64', { cause })
  }
}
