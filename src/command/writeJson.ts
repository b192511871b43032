import type { Readable } from 'rxjs-checkpoint/inspect';

import type { Output } from './Output.js';

const PIECE = 65_536;
/** Longer ones get a line for each of their parts. */
const LINE = 80;

/**
 * JSON in pieces, since the text of a big state may be longer than a text can be. Indented by two; what fits on a line
 * stays on one.
 */
export function* jsonPieces(value: Readable, indent: string = ''): Iterable<string> {
  const short = shortJson(value, LINE - indent.length);
  if (short !== null) yield short;
  else if (typeof value !== 'object' || value === null) yield JSON.stringify(value);
  else if (Array.isArray(value)) {
    yield* list(
      '[]',
      (value as readonly Readable[]).map((item) => ['', item] as const),
      indent,
    );
  } else {
    const fields = Object.entries(value).map(([key, item]) => [`${JSON.stringify(key)}: `, item] as const);
    yield* list('{}', fields, indent);
  }
}

function* list(brackets: string, items: readonly (readonly [string, Readable])[], indent: string): Iterable<string> {
  const inner = `${indent}  `;
  for (const [i, [key, item]] of items.entries()) {
    yield `${i === 0 ? brackets[0] : ','}\n${inner}${key}`;
    yield* jsonPieces(item, inner);
  }
  yield items.length === 0 ? brackets : `\n${indent}${brackets[1]}`;
}

/** The value on one line if it fits; gives up as soon as it does not. */
function shortJson(value: Readable, room: number): string | null {
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'string' && value.length > room) return null;
    const text = JSON.stringify(value);
    return text.length <= room ? text : null;
  }
  const isArray = Array.isArray(value);
  let text = isArray ? '[' : '{';
  for (const key of isArray ? (value as readonly Readable[]).keys() : Object.keys(value)) {
    const item = (value as Readonly<Record<string, Readable>>)[key]!;
    if (text.length > 1) text += ', ';
    if (!isArray) text += `${JSON.stringify(key)}: `;
    const part = shortJson(item, room - text.length - 1);
    if (part === null) return null;
    text += part;
  }
  text += isArray ? ']' : '}';
  return text.length <= room ? text : null;
}

/** Writes a result as JSON, in pieces of some size, as fast as it is read. */
export async function writeJson(output: Output, value: object | Readable): Promise<void> {
  let text = '';
  for (const piece of jsonPieces(value as Readable)) {
    text += piece;
    if (text.length < PIECE) continue;
    await output.write(text);
    text = '';
  }
  await output.line(text);
}
