import type { Address, Net } from './net.js'
import { planNet, type NetPlan } from './plan.js'

/** What the running state of a net has to follow when its files change. */
export interface Affected {
  /** transitions that came, went or changed in more than their words: their unleased effects are withdrawn */
  readonly transitions: readonly string[]
  /** addresses of places that hold their own tokens and came */
  readonly appeared: readonly Address[]
  /** those that went: their tokens become orphans */
  readonly disappeared: readonly Address[]
}

const WORDS = new Set<string | number | undefined>(['title', 'description'])

export function affects(before: Net | undefined, after: Net | undefined, plan: NetPlan = planNet(before, after)): Affected {
  const changed = plan.transitions
    .filter((one) => one.verb !== 'change' || one.inputs.length + one.outputs.length > 0 || one.order || one.differences.some(({ path }) => !WORDS.has(path[0])))
    .map((one) => one.name)
  const params = plan.verb === 'change' ? plan.differences.filter(({ path }) => path[0] === 'params').map(({ path }) => String(path[1])) : []
  const old = new Set(addresses(before))
  const now = new Set(addresses(after))
  return {
    transitions: [...new Set([...changed, ...users(after, params)])].sort(),
    appeared: [...now].filter((address) => !old.has(address)),
    disappeared: [...old].filter((address) => !now.has(address)),
  }
}

function addresses(net: Net | undefined): Address[] {
  const places = Object.values(net?.places ?? {})
  return places.filter((place) => place.shares === undefined && place.sends === undefined).map((place) => place.address)
}

/** Transitions whose text names one of the params, `${params.x}`: a template keeps it until it is filled. */
function users(net: Net | undefined, params: readonly string[]): string[] {
  if (params.length === 0) return []
  return Object.values(net?.transitions ?? {})
    .filter((transition) => {
      const text = JSON.stringify(transition)
      return /\bparams *[|}\]]/.test(text) || params.some((param) => text.includes(`params.${param}`) || text.includes('params['))
    })
    .map((transition) => transition.name)
}
