/** Values as `JSON.parse` makes them. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** Whether a value is a JSON object: not an array, not null. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a JSON array. */
export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether a null stands anywhere inside a value. The value must come from `JSON.parse`, so it has no cycles. */
export function holdsNull(value: Json): boolean {
  if (value === null) return true;
  if (typeof value !== 'object') return false;
  if (isArray(value)) return value.some(holdsNull);
  return Object.values(value).some(holdsNull);
}

/** Whether a number inside a value is too large for a double: `JSON.parse` reads `1e400` as Infinity. */
export function holdsInfinity(value: Json): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return false;
  if (isArray(value)) return value.some(holdsInfinity);
  return Object.values(value).some(holdsInfinity);
}
