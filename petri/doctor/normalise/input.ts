import { duration } from '../../duration.js'
import type { InputFile, InputObject } from '../../inscription.js'
import type { InputArc, Place, Take } from '../../net.js'

/** An input arc with its mode and its place's address written out; `place` is undefined for `_failed` and for a dangling arc. */
export function inputOf(net: string, variable: string, file: InputFile, place: Place | undefined): InputArc {
  const arc: InputObject = typeof file === 'string' ? { from: file } : file
  return {
    variable,
    from: arc.from,
    address: place?.address ?? `${net}/${arc.from}`,
    mode: arc.mode === 'consume' || arc.mode === 'read' || arc.mode === 'inhibit' ? arc.mode : usual(place),
    take: takeOf(arc.take),
    optional: arc.optional === true,
    otherwise: arc.otherwise === true,
    ...(arc.where === undefined ? {} : { where: arc.where }),
    ...(arc.orderBy === undefined ? {} : { orderBy: arc.orderBy }),
    ...(arc.after === undefined ? {} : { after: duration(arc.after) ?? arc.after }),
  }
}

function usual(place: Place | undefined): InputArc['mode'] {
  return place === undefined || place.category === 'task' ? 'consume' : 'read'
}

function takeOf(take: InputObject['take']): Take {
  if (take === undefined) return { form: 'one' }
  if (take === 'all') return { form: 'all' }
  if (typeof take === 'object') return { form: 'upTo', n: typeof take.upTo === 'number' ? take.upTo : 1 }
  return { form: 'exactly', n: take }
}
