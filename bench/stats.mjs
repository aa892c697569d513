export const sorted = (values) => [...values].sort((a, b) => a - b)
export const quantile = (values, q) => sorted(values)[Math.min(values.length - 1, Math.floor(q * values.length))]
export const median = (values) => quantile(values, 0.5)
export const spread = (values) => `${form(Math.min(...values))} / ${form(median(values))} / ${form(Math.max(...values))}`
export const form = (value) => (value >= 1000 ? Math.round(value).toLocaleString('en-US') : value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2))
