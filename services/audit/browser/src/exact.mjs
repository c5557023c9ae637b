// Exact numbers: fractions of whole numbers of any size, in lowest terms.

function divisor(a, b) {
  return b === 0n ? a : divisor(b, a % b);
}

export function fraction(over, under = 1n) {
  const common = divisor(over < 0n ? -over : over, under);
  return common > 1n ? { over: over / common, under: under / common } : { over, under };
}

export const ZERO = fraction(0n);

export function add(a, b) {
  return fraction(a.over * b.under + b.over * a.under, a.under * b.under);
}

export function times(a, b) {
  return fraction(a.over * b.over, a.under * b.under);
}

export function meanOf(numbers) {
  const sum = numbers.reduce(add, ZERO);
  return fraction(sum.over, sum.under * BigInt(numbers.length));
}

/** Below zero if `a` is less, zero if they are equal, above zero if `a` is more. */
export function compare(a, b) {
  const difference = a.over * b.under - b.over * a.under;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The nearest number with so many decimals; halfway, the greater. */
export function roundHalfUp(number, places) {
  const power = 10n ** BigInt(places);
  return fraction(floor(2n * number.over * power + number.under, 2n * number.under), power);
}

function floor(over, under) {
  const whole = over / under;
  return over % under < 0n ? whole - 1n : whole;
}

/** A decimal of at most 18 digits as people write it, such as 9.25, or null. */
export function decimalOf(text) {
  const parts = typeof text === 'string' ? /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?$/.exec(text) : null;
  if (!parts) return null;
  const [, sign, whole, decimals = ''] = parts;
  if (whole.length + decimals.length > 18) return null;
  const digits = BigInt(whole + decimals);
  if (sign && digits === 0n) return null;
  return fraction(sign ? -digits : digits, 10n ** BigInt(decimals.length));
}

/** As the derivation prints it: a decimal where it is a finite one, else a fraction. */
export function print(number, least = 0) {
  let places = 0;
  let rest = number.under;
  for (; rest % 10n === 0n; places += 1) rest /= 10n;
  // Each further 2 or 5 needs one more decimal; 2 and 5 together were a 10.
  for (; rest % 2n === 0n; places += 1) rest /= 2n;
  for (; rest % 5n === 0n; places += 1) rest /= 5n;
  if (rest !== 1n) return `${number.over}/${number.under}`;
  places = Math.max(places, least);
  const scaled = (number.over * 10n ** BigInt(places)) / number.under;
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(places + 1, '0');
  const point = digits.length - places;
  const text = places > 0 ? `${digits.slice(0, point)}.${digits.slice(point)}` : digits;
  return scaled < 0n ? `-${text}` : text;
}
