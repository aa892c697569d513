import type { FastifyInstance } from 'fastify'
import { baseUrl } from '../../../petri/base-url.js'
import { isFree, TIERS, type Model, type Models, type Price } from '../../../petri/models.js'
import { API } from '../../../protocol/api.js'
import type { ModelAnswer } from '../../../protocol/api/models.js'
import { readSettings } from '../../store/settings/read.js'
import type { Context } from '../context.js'
import { mount } from '../mount.js'

/** The models that nets may ask. */
export function modelRoutes(app: FastifyInstance, { db }: Context): void {
  mount(app, API.listModels, async () => {
    const { commit, models } = await readSettings(db)
    return { items: Object.keys(models.models).sort().map((name) => shown(models, models.models[name]!)), commit }
  })
}

function shown(models: Models, model: Model): ModelAnswer {
  const { name, title = '', provider, key = '', context, maxOutput, capabilities, fallback, rate, timeout } = model
  return {
    name, title, provider, model: model.model, host: baseUrl(model.url)?.host ?? '', key, price: priced(model.price), context, maxOutput,
    capabilities: [...capabilities], fallback: [...fallback], rate: rate ? { limit: rate.limit, windowMs: rate.window } : null, timeoutMs: timeout,
    default: models.default === name, tiers: TIERS.filter((tier) => models.tiers[tier] === name),
  }
}

/** Millionths of a micro-dollar a token are micro-dollars a million tokens. */
function priced(price: Price): ModelAnswer['price'] {
  return isFree(price) ? 'free' : { input: price.input / 1e6, cached: price.cached / 1e6, output: price.output / 1e6 }
}
