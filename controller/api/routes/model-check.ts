import type { FastifyInstance } from 'fastify'
import { nearest } from '../../../petri/nearest.js'
import { API } from '../../../protocol/api.js'
import { modelCheck, modelGrant } from '../../../protocol/model.js'
import { fail } from '../../errors.js'
import { addSpend } from '../../store/spend/add.js'
import { askErrand } from '../ask-errand.js'
import type { Context } from '../context.js'
import { mount } from '../mount.js'

/** Models on a slow machine load for minutes before their first word. */
const WAIT_MS = 240_000
/** Where its cost is booked: it belongs to no net. */
const BOOKED = { session: 'system', transition: 'models-check' }

/** One model, tried through an executor: only executors hold keys and reach providers. */
export function modelCheckRoutes(app: FastifyInstance, context: Context): void {
  mount(app, API.checkModel, async ({ params, reply }) => {
    const { models } = (await context.tools.settings.fresh()).models
    if (!Object.hasOwn(models, params.model)) {
      const near = nearest(params.model, Object.keys(models))
      fail('not-found', `models.yaml has no model ${params.model}`, near === undefined ? `it has ${Object.keys(models).join(', ') || 'none'}` : `did you mean ${near}?`)
    }
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    const { executor, outcome } = await askErrand(context, {
      session: BOOKED.session, request: { kind: 'model', model: modelGrant.parse(models[params.model]) }, waitMs: WAIT_MS, signal: gone.signal,
    })
    if (outcome.status === 'failed') return fail('errand-failed', `executor ${executor}: ${outcome.message}`, 'see the log of the executor', { details: { code: outcome.code } })
    const check = modelCheck.parse(outcome.result)
    if (check.usage.input + check.usage.output > 0) await addSpend(context.db, { ...BOOKED, model: check.model, usage: check.usage, micros: check.micros })
    return { ...check, executor, usd: check.micros / 1e6 }
  })
}
