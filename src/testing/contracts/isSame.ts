/**
 * Whether two values are alike for whoever gets them: the same all the way down, `NaN`, `-0` and classes told apart. By
 * their names, since a test runner may have globals of its own, and its arrays are not the `Array` of the platform.
 */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const kind = kindOf(a);
  if (kind !== kindOf(b)) return false;
  const [left, right] = [contentOf(a, kind), contentOf(b, kind)];
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length || left.length !== right.length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && isSame(left[key], right[key]));
}

function kindOf(value: object): string {
  const { constructor } = value as { constructor?: { name?: string } };
  return `${Object.prototype.toString.call(value)} ${constructor?.name ?? ''}`;
}

/** An object whose fields tell all that there is to the value. */
function contentOf(value: object, kind: string): Readonly<Record<string, unknown>> {
  if (kind.startsWith('[object Map]')) return { ...[...(value as Map<unknown, unknown>)] };
  if (kind.startsWith('[object Set]')) return { ...[...(value as Set<unknown>)] };
  if (kind.startsWith('[object Date]')) return { time: (value as Date).getTime() };
  if (kind.startsWith('[object RegExp]')) return { source: (value as RegExp).source, flags: (value as RegExp).flags };
  if (kind.startsWith('[object ArrayBuffer]')) return { bytes: new Uint8Array(value as ArrayBuffer) };
  if (kind.startsWith('[object Error]')) return { ...value, message: (value as Error).message };
  return value as Readonly<Record<string, unknown>>;
}
