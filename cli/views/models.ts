import { formatDuration } from '../../petri/duration.js'
import type { ModelAnswer } from '../../protocol/api/models.js'
import type { View } from '../output.js'

export const models = (): View<ModelAnswer> => ({
  none: 'no models: propose a models.yaml beside nets/; docs/models.md has one to begin with',
  name: (row) => row.name,
  columns: [
    { head: 'NAME', cell: (row) => row.name },
    { head: 'USED FOR', cell: (row) => [...(row.default ? ['default'] : []), ...row.tiers].join(',') },
    { head: 'PROVIDER', cell: (row) => row.provider },
    { head: 'MODEL', cell: (row) => row.model },
    { head: 'HOST', cell: (row) => row.host },
    { head: 'USD/M IN', cell: (row) => (row.price === 'free' ? 'free' : amount(row.price.input)), right: true },
    { head: 'CACHED', cell: (row) => (row.price === 'free' ? 'free' : amount(row.price.cached)), right: true, wide: true },
    { head: 'USD/M OUT', cell: (row) => (row.price === 'free' ? 'free' : amount(row.price.output)), right: true },
    { head: 'CONTEXT', cell: (row) => row.context, right: true },
    { head: 'MAX OUTPUT', cell: (row) => row.maxOutput, right: true, wide: true },
    { head: 'CAPABILITIES', cell: (row) => row.capabilities.join(',') },
    { head: 'KEY', cell: (row) => row.key, wide: true },
    { head: 'RATE', cell: (row) => (row.rate ? `${row.rate.limit}/${formatDuration(row.rate.windowMs)}` : ''), wide: true },
    { head: 'FALLBACK', cell: (row) => row.fallback.join(','), wide: true },
  ],
})

/** Prices have two decimals at least, and all that they have. */
function amount(usd: number): string {
  return Number(usd.toFixed(2)) === usd ? usd.toFixed(2) : usd.toFixed(6).replace(/0+$/, '')
}
