import { pieces, type Piece } from '../kinds/pieces.js'

/** A text cut at its `${}`; undefined for one that cannot be read, which has a finding of its own. */
export function cut(written: string): readonly Piece[] | undefined {
  try {
    return pieces(written)
  } catch {
    return undefined
  }
}
