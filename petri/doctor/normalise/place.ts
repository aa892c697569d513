import { duration } from '../../duration.js'
import type { PlaceFile } from '../../language.js'
import type { Json } from '../../json.js'
import type { Place } from '../../net.js'
import { size } from '../../size.js'

export const MAX_DECLARED = 100_000
export const TOKEN_BYTES = 1024 * 1024
export const MOST_TOKEN_BYTES = 8 * 1024 * 1024

/** A place that holds its own tokens, or sends them, with all defaults written out. */
export function placeOf(net: string, name: string, file: PlaceFile): Place {
  return {
    name,
    address: `${net}/${name}`,
    ...described(file),
    ...rules(file),
    tokens: declared(file),
    ...(file.open === undefined ? {} : { open: file.open }),
    ...(file.sends === undefined ? {} : { sends: file.sends }),
  }
}

/** A place that shares another: its own name and words, everything else from the owner (undefined when there is none). */
export function sharerOf(net: string, name: string, file: PlaceFile, owner: PlaceFile | undefined): Place {
  const address = file.shares ?? `${net}/${name}`
  return { name, address, shares: address, ...described(file), ...rules(owner ?? file), tokens: [] }
}

function described(file: PlaceFile): Pick<Place, 'title' | 'description'> {
  return {
    ...(file.title === undefined ? {} : { title: file.title }),
    ...(file.description === undefined ? {} : { description: file.description }),
  }
}

function rules(file: PlaceFile): Omit<Place, 'name' | 'address' | 'tokens'> {
  const ttl = typeof file.ttl === 'string' ? duration(file.ttl) : undefined
  return {
    category: isCategory(file.category) ? file.category : 'task',
    ...(typeof file.capacity === 'number' ? { capacity: file.capacity } : {}),
    ...(file.schema === undefined ? {} : { schema: file.schema }),
    ...(file.key === undefined ? {} : { key: typeof file.key === 'string' ? [file.key] : file.key }),
    onDuplicate: file.onDuplicate === 'replace' || file.onDuplicate === 'ignore' ? file.onDuplicate : 'refuse',
    ...(typeof file.keep === 'number' ? { keep: file.keep } : {}),
    ...(ttl === undefined ? {} : { ttl }),
    maxBytes: (file.maxBytes === undefined ? undefined : size(file.maxBytes)) ?? TOKEN_BYTES,
  }
}

function isCategory(text: string | undefined): text is Place['category'] {
  return text === 'task' || text === 'context' || text === 'tool' || text === 'learning'
}

/** The declared tokens; a number stands for so many plain ones. More than the most that may be declared come to none. */
function declared(file: PlaceFile): readonly Json[] {
  if (typeof file.tokens !== 'number') return file.tokens ?? []
  return file.tokens > MAX_DECLARED ? [] : Array.from({ length: file.tokens }, () => ({}))
}
