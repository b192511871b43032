import { isObservable } from 'rxjs';

/** A value as text, for logs that are compared: tells everything apart that a subscriber can tell apart. */
export function format(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(format).join(', ')}]`;
  if (value instanceof Error) return `${value.constructor.name}: ${value.message}`;
  if (value instanceof Map) return `Map ${format([...value])}`;
  if (value instanceof Set) return `Set ${format([...value])}`;
  if (isObservable(value)) return 'Observable';
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value as Record<string, unknown>).map(([key, item]) => `${key}: ${format(item)}`);
    return `{${entries.join(', ')}}`;
  }
  return Object.is(value, -0) ? '-0' : typeof value === 'string' ? JSON.stringify(value) : String(value);
}
