const MOST_LEVELS = 6;
const MOST_CHARACTERS = 300;

/** A value in one line, for the message of a failed test. Keys are sorted: what is equal looks the same. */
export function inspectValue(value: unknown): string {
  const text = inspect(value, 0);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}

function inspect(value: unknown, level: number): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'bigint':
      return `${value}n`;
    case 'function':
      return `[function ${value.name || 'anonymous'}]`;
    case 'object':
      return value === null ? 'null' : inspectObject(value, level);
    default:
      return String(value);
  }
}

function inspectObject(value: object, level: number): string {
  if (level === MOST_LEVELS) return '…';
  const part = (item: unknown): string => inspect(item, level + 1);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (Array.isArray(value)) return `[${value.map(part).join(', ')}]`;
  const name = nameOf(value);
  if (value instanceof Map) return `${name}${braced([...value].map(([key, item]) => `${part(key)} => ${part(item)}`))}`;
  if (value instanceof Set) return `${name}${braced([...value].map(part))}`;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${name}${braced(fields.map(([key, item]) => `${key}: ${part(item)}`))}`;
}

/** Nothing for plain objects. */
function nameOf(value: object): string {
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  const name = prototype?.constructor?.name ?? 'Object';
  return name === 'Object' ? '' : `${name} `;
}

function braced(parts: readonly string[]): string {
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}
