/** The partition of the log that has no month of its own: what no other takes. */
export const DEFAULT_PARTITION = 'segments_default'

/** The log of one month, UTC. */
export interface Partition {
  readonly name: string
  /** first moment of the month, and of the next */
  readonly from: Date
  readonly to: Date
}

export function partitionOf(moment: Date, monthsLater = 0): Partition {
  const from = new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + monthsLater))
  const to = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1))
  return { name: `segments_${from.toISOString().slice(0, 7).replace('-', '_')}`, from, to }
}

/** The month that a partition's name says; undefined for the default one. */
export function partitionNamed(name: string): Partition | undefined {
  const month = /^segments_(\d{4})_(\d{2})$/.exec(name)
  return month === null ? undefined : partitionOf(new Date(Date.UTC(Number(month[1]), Number(month[2]) - 1)))
}
