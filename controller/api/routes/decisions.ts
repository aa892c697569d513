import type { FastifyReply } from 'fastify'
import type { Decision } from '../../../protocol/api/tokens.js'
import { sendProblem } from '../problem.js'
import { refusal } from './puts.js'

/** Answers with a decision: 200, 202 with its address while it waits, or the problem when all of it was refused. */
export function answerDecision(reply: FastifyReply, decision: Decision): FastifyReply {
  reply.header('location', decision.href)
  if (decision.state === 'waiting') return reply.code(202).send(decision)
  const bad = decision.verdicts.find((verdict) => verdict.status >= 400)
  if (bad && decision.verdicts.every((verdict) => verdict.status >= 400)) return sendProblem(reply, refusal(bad))
  return reply.code(200).send(decision)
}
