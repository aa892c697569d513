import type { FastifyInstance, FastifyRequest } from 'fastify'
import { grantRequest, progressRequest, recordRequest, transcriptRequest, waitRequest } from '../../protocol/ledger.js'
import type { Principal } from './authenticate.js'
import type { Dispatch } from './dispatch.js'
import { grant } from './grant.js'
import { parse } from './parse.js'
import { progress } from './progress.js'
import { record } from './record.js'
import { transcript } from './transcript.js'
import { wait } from './wait.js'

/** The book-keeping of model calls under /v1/executors: protocol/ledger.ts. */
export function ledgerRoutes(app: FastifyInstance, dispatch: Dispatch, options: { bodyLimit: number }, who: (request: FastifyRequest) => Promise<Principal>): void {
  app.post('/v1/executors/grant', options, async (request) => {
    const { executor } = await who(request)
    return { verdicts: await grant(dispatch, executor, parse(grantRequest, request.body).calls) }
  })

  app.post('/v1/executors/record', options, async (request) => {
    const { executor } = await who(request)
    return record(dispatch, executor, parse(recordRequest, request.body).calls)
  })

  app.post('/v1/executors/transcript', options, async (request) => {
    const { executor } = await who(request)
    return { steps: await transcript(dispatch, executor, parse(transcriptRequest, request.body).firing) }
  })

  app.post('/v1/executors/progress', options, async (request) => {
    const { executor } = await who(request)
    await progress(dispatch, executor, parse(progressRequest, request.body).items)
    return {}
  })

  app.post('/v1/executors/wait', options, async (request) => {
    const { executor } = await who(request)
    return { released: await wait(dispatch, executor, parse(waitRequest, request.body)) }
  })
}
