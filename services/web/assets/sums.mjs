// Exact decimals for a running total: binary fractions get some sums wrong.
// A decimal is a whole number of billionths.

const PLACES = 9;

/** Of what somebody typed; `null` if it is none. */
export function decimal(text) {
  const parts = /^(-?)(\d*)[.,]?(\d{0,9})$/.exec(String(text).trim());
  if (!parts || !(parts[2] + parts[3])) return null;
  const units = BigInt(parts[2] + parts[3].padEnd(PLACES, "0"));
  return parts[1] ? -units : units;
}

/** Whether two texts are the same decimal. */
export const equal = (one, other) => decimal(one) !== null && decimal(one) === decimal(other);

/** A product of two decimals as text, without zeros at its end. */
export function product(units) {
  const digits = (units < 0n ? -units : units).toString().padStart(2 * PLACES + 1, "0");
  const fraction = digits.slice(-2 * PLACES).replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -2 * PLACES)}${fraction && "."}${fraction}`;
}
