/** Arithmetic as on paper: a number is the decimal that its shortest text says, so 10 times 1.1 is 11. */

/** Digits that a fraction keeps. */
const DIGITS = 15
const POWERS: readonly number[] = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))
const SMALL = 1e15

/** Why there is no result: too large to be exact, or a division by zero. */
export type Unrepresentable = 'too-large' | 'by-zero'
export type Result = number | Unrepresentable

export function add(a: number, b: number): Result {
  if (Number.isInteger(a) && Number.isInteger(b)) {
    const sum = a + b
    if (Number.isSafeInteger(sum) && Number.isSafeInteger(a) && Number.isSafeInteger(b)) return sum + 0
  }
  const left = places(a)
  const right = places(b)
  if (left >= 0 && right >= 0) {
    const scale = Math.max(left, right)
    const x = Math.round(a * POWERS[left]!) * POWERS[scale - left]!
    const y = Math.round(b * POWERS[right]!) * POWERS[scale - right]!
    if (Math.abs(x) < SMALL && Math.abs(y) < SMALL && Math.abs(x + y) < SMALL) return (x + y) / POWERS[scale]! + 0
  }
  const x = exact(a)
  const y = exact(b)
  const exponent = Math.min(x.exponent, y.exponent)
  // the smaller one of two numbers 400 powers apart does not reach the digits that are kept, but must not cost either
  return result(x.digits * power(x.exponent - exponent) + y.digits * power(y.exponent - exponent), exponent)
}

export function subtract(a: number, b: number): Result {
  return add(a, -b)
}

export function multiply(a: number, b: number): Result {
  const left = places(a)
  const right = places(b)
  if (left >= 0 && right >= 0) {
    const product = Math.round(a * POWERS[left]!) * Math.round(b * POWERS[right]!)
    if (Math.abs(product) < SMALL) return product / POWERS[left + right]! + 0
  }
  const x = exact(a)
  const y = exact(b)
  return result(x.digits * y.digits, x.exponent + y.exponent)
}

export function divide(a: number, b: number): Result {
  if (b === 0) return 'by-zero'
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && a % b === 0) return a / b + 0
  const x = exact(a)
  const y = exact(b)
  // enough digits that what is cut off can only matter as "more than nothing"
  const widen = Math.max(0, DIGITS + 3 + length(y.digits) - length(x.digits))
  const numerator = x.digits * power(widen)
  const quotient = numerator / y.digits
  const sticky = quotient * y.digits === numerator ? 0n : numerator < 0n === y.digits < 0n ? 1n : -1n
  return result(quotient * 10n + sticky, x.exponent - y.exponent - widen - 1)
}

/** Half away from zero, at so many digits after the point. */
export function round(value: number, digits: number): Result {
  if (Number.isInteger(value)) return value
  const x = exact(value)
  const cut = -x.exponent - digits
  return cut <= 0 ? value : result(cutOff(x.digits, cut), -digits)
}

interface Decimal {
  readonly digits: bigint
  readonly exponent: number
}

function exact(value: number): Decimal {
  const [mantissa, exponent] = `${value}`.split('e') as [string, string | undefined]
  const point = mantissa.indexOf('.')
  const fraction = point < 0 ? 0 : mantissa.length - point - 1
  return { digits: BigInt(mantissa.replace('.', '')), exponent: Number(exponent ?? 0) - fraction }
}

/** The double of digits * 10^exponent: exact for an integer to 2^53-1, 15 digits for a fraction. */
function result(digits: bigint, exponent: number): Result {
  if (digits === 0n) return 0
  let kept = digits
  let power10 = exponent
  while (power10 < 0 && kept % 10n === 0n) (kept /= 10n), power10++
  if (power10 < 0) {
    const over = length(kept) - DIGITS
    if (over > 0) (kept = cutOff(kept, over)), (power10 += over)
  }
  const value = Number(`${kept}e${power10}`)
  return Math.abs(value) > Number.MAX_SAFE_INTEGER ? 'too-large' : value + 0
}

function cutOff(digits: bigint, count: number): bigint {
  const unit = power(count)
  const half = unit / 2n
  return (digits < 0n ? digits - half : digits + half) / unit
}

function power(exponent: number): bigint {
  return 10n ** BigInt(exponent)
}

function length(digits: bigint): number {
  return `${digits < 0n ? -digits : digits}`.length
}

/** How many places after the point a number has, when a double can hold it without the point; else -1. */
function places(value: number): number {
  for (let count = 0; count <= 8; count++) {
    const scaled = Math.round(value * POWERS[count]!)
    if (Math.abs(scaled) >= SMALL) return -1
    if (scaled / POWERS[count]! === value) return count
  }
  return -1
}

/** What is left of a after taking b away as often as it goes; 0 exactly when a is a multiple of b. b is not 0. */
export function remainder(a: number, b: number): number {
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b)) return (a % b) + 0
  const x = exact(a)
  const y = exact(b)
  const exponent = Math.min(x.exponent, y.exponent)
  const left = (x.digits * power(x.exponent - exponent)) % (y.digits * power(y.exponent - exponent))
  return left === 0n ? 0 : Number(`${left}e${exponent}`)
}
