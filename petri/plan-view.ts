import { canonicalText } from './canonical.js'
import type { Json, JsonObject } from './json.js'
import type { InputArc, Net, OutputArc, Place, SessionConfig, Transition } from './net.js'

/** A place as a plan compares it. Of a shared place only what this net says of it: the rest is the owner's to change. */
export function placeView(place: Place): JsonObject {
  const { name: _, address, tokens: __, ...rest } = place
  if (place.shares === undefined) return rest as JsonObject
  return { ...words(place), shares: address }
}

/** Declared tokens in an order of their own: the order in the file means nothing. */
export function tokensView(place: Place): readonly string[] {
  return place.tokens.map(canonicalText).sort()
}

/** What a transition says besides its arcs. */
export function inscriptionView(transition: Transition): JsonObject {
  const { name: _, inputs: __, outputs: ___, action, ...rest } = transition
  return { ...(rest as unknown as JsonObject), ...(action === null ? {} : { do: action }) }
}

export function inputView(arc: InputArc): JsonObject {
  const { variable: _, address: __, ...rest } = arc
  return rest as unknown as JsonObject
}

export function outputView(arc: OutputArc): JsonObject {
  const { to: _, address: __, sends: ___, ...rest } = arc
  return rest as unknown as JsonObject
}

/** What a net says besides its places and transitions. */
export function netView(net: Net): JsonObject {
  return { ...words(net), ...(net.budget ? { budget: net.budget as unknown as Json } : {}), params: net.params }
}

export function configView(config: SessionConfig): JsonObject {
  const { session: _, ...rest } = config
  return rest as unknown as JsonObject
}

function words({ title, description }: { readonly title?: string; readonly description?: string }): JsonObject {
  return { ...(title === undefined ? {} : { title }), ...(description === undefined ? {} : { description }) }
}
