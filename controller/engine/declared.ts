import type { Database } from '../store/database.js'
import { loadDeclared } from '../store/tokens/load-declared.js'
import type { LoadedToken } from '../store/tokens/load.js'
import type { Own } from './own.js'
import type { DeclaredTokens } from './adopt.js'

/** Tokens that a declaration put into places whose declared set follows the file (context, tool). */
export async function declaredTokens(db: Database, own: Own): Promise<DeclaredTokens> {
  const places = [...own.program.places.values()].filter(({ place }) => place.category === 'context' || place.category === 'tool').map(({ address }) => address)
  if (places.length === 0) return new Map()
  const byPlace = new Map<string, LoadedToken[]>()
  for (const row of await loadDeclared(db, own.session, places)) byPlace.set(row.place, [...(byPlace.get(row.place) ?? []), row])
  return byPlace
}
