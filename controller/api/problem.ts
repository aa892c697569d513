import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { Json } from '../../petri/json.js'
import { z } from 'zod'
import { misread } from '../../protocol/misread.js'
import { findingAnswer, PROBLEM_TYPE, type Problem } from '../../protocol/problem.js'
import { Refusal } from '../../tools/tool.js'
import { Failure, FAILURES, type FailureCode } from '../errors.js'
import { isLost } from '../store/lost.js'
import { refusalStatus } from './tools/refusal-status.js'

interface Told {
  readonly status?: number
  readonly code: string
  readonly message: string
  readonly remedy: string
  readonly details?: Json
  readonly findings?: Problem['findings']
}

/** A problem report; the title comes from the catalogue when the code stands there. */
export function makeProblem(told: Told): Problem {
  const known = Object.hasOwn(FAILURES, told.code) ? FAILURES[told.code as FailureCode] : undefined
  const status = told.status ?? known?.status ?? 500
  return {
    type: `urn:agenticos:error:${told.code}`,
    title: known?.title ?? STATUS_CODES[status] ?? 'Refused',
    status,
    code: told.code,
    detail: told.message,
    remedy: told.remedy,
    ...(told.findings ? { findings: told.findings } : {}),
    ...(told.details === undefined ? {} : { details: told.details as NonNullable<Problem['details']> }),
  }
}

export function sendProblem(reply: FastifyReply, told: Problem): FastifyReply {
  if (told.status === 401) reply.header('www-authenticate', 'Bearer realm="agenticos", Basic realm="agenticos git"')
  if (told.status === 429 && !reply.hasHeader('retry-after')) reply.header('retry-after', '1')
  return reply.code(told.status).header('content-type', PROBLEM_TYPE).serializer(JSON.stringify).send(told)
}

/** Postgres: query_canceled, which a statement over its time limit gets. */
const TOO_LONG = '57014'

const FASTIFY: Readonly<Record<string, readonly [FailureCode, string]>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: ['bad-json', 'send a body that is JSON'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['bad-json', 'send a JSON body, or leave the content-type header out'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['too-large', 'send less at once; large data belongs in a file that a command reads'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['wrong-media-type', 'send content-type application/json'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['bad-request', 'let the client count the bytes of the body'],
  FST_ERR_BAD_URL: ['bad-request', 'percent-encode the address properly'],
  FST_ERR_MAX_PARAM_LENGTH: ['bad-request', 'names have at most 63 letters'],
  FST_ERR_ASYNC_CONSTRAINT: ['bad-request', 'leave out unusual version headers'],
}

/** What Fastify says too shortly. */
function told(code: string, request: FastifyRequest | undefined): string | undefined {
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return `a body of the kind "${(request?.headers['content-type'] ?? '').slice(0, 100)}" is not read here`
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' && request) return `the body is larger than the ${request.routeOptions.bodyLimit} bytes that are read here`
  return undefined
}

/** Any thrown thing as a problem report, or undefined when it is a fault of ours that must be logged and not shown. */
export function readThrown(error: FastifyError | Error, request?: FastifyRequest): Problem | undefined {
  if (error instanceof Failure || error instanceof Refusal) {
    return makeProblem({
      ...(error instanceof Refusal ? { status: refusalStatus(error.code) } : {}), code: error.code, message: error.message, remedy: error.remedy,
      ...(error.details === undefined ? {} : { details: error.details as Json }),
      ...(hasFindings(error.details) ? { findings: error.details.findings } : {}),
    })
  }
  if (hasZodFastifySchemaValidationErrors(error)) return fromValidation(error, request)
  const code = 'code' in error ? String(error.code) : ''
  const known = FASTIFY[code]
  if (known) return makeProblem({ code: known[0], message: told(code, request) ?? error.message, remedy: known[1] })
  if (isLost(error)) {
    return makeProblem({
      code: 'database-unreachable', message: 'the line to the database was cut: whether this was done is not known',
      remedy: 'ask again; with the same Idempotency-Key nothing is done twice',
    })
  }
  if (code === TOO_LONG) return makeProblem({ code: 'database-unreachable', message: 'the database took over 10 seconds', remedy: 'ask for less: a smaller limit, a narrower condition' })
  const status = 'statusCode' in error ? Number(error.statusCode) : 500
  if (status === 429) return makeProblem({ code: 'too-many-requests', message: error.message, remedy: 'wait as long as the Retry-After header says' })
  if (status >= 400 && status < 500) return makeProblem({ code: 'bad-request', status, message: error.message, remedy: 'see /docs for what this address takes' })
  return undefined
}

/** Findings whole, with file and line; tools tell them in brief, as details alone. */
function hasFindings(details: unknown): details is { findings: NonNullable<Problem['findings']> } {
  return typeof details === 'object' && details !== null && 'findings' in details && z.array(findingAnswer).safeParse(details.findings).success
}

/** A zod issue as the type provider takes it apart. */
interface Misfit {
  readonly keyword: string
  readonly instancePath: string
  readonly message: string
  readonly params: object
}

function issueOf({ keyword, instancePath, message, params }: Misfit): z.core.$ZodIssue {
  return { ...params, code: keyword, message, path: instancePath.split('/').filter((step) => step !== '') } as unknown as z.core.$ZodIssue
}

const PARTS: Readonly<Record<string, string>> = { querystring: 'query', params: 'address', body: 'body', headers: 'headers' }

function fromValidation(error: FastifyError & { validation: unknown; validationContext?: string }, request: FastifyRequest | undefined): Problem {
  const where = PARTS[error.validationContext ?? ''] ?? 'request'
  const schemas = request?.routeOptions.schema as Readonly<Record<string, unknown>> | undefined
  const misfits = (error.validation as unknown as readonly Misfit[]).map((misfit) => misread(issueOf(misfit), schemas?.[error.validationContext ?? '']))
  const first = misfits[0]
  return makeProblem({
    code: 'bad-request',
    message: `${where}${first?.path ? ` ${first.path}` : ''}: ${first?.message ?? 'not understood'}`,
    remedy: first?.remedy ?? 'see /docs for what this address takes',
    details: { in: where, problems: misfits.map(({ path, message }) => ({ path, message })) },
  })
}
