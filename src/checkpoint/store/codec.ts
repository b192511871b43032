import { parse } from 'devalue';

import { CheckpointError } from '../../errors/CheckpointError.js';
import { UnreadableSnapshotError } from '../../errors/UnreadableSnapshotError.js';
import { UnstorableValueError } from '../../errors/UnstorableValueError.js';
import { reasonOf } from '../../errors/reasonOf.js';
import type { CodecTypes } from './CodecType.js';
import { finish } from './finish.js';
import { planEncoding } from './planEncoding.js';
import type { ValueText } from './SnapshotText.js';
import { SnapshotText } from './SnapshotText.js';

/**
 * A value as bytes: devalue's text in UTF-8. What `decodeValue` gives back equals it, cycles and shared references
 * included; what would not is refused.
 *
 * @throws UnstorableValueError with the path to the culprit, e.g. `state.users[3].name`.
 */
export function encodeValue(value: unknown, types: CodecTypes): Uint8Array {
  return finish(encodeInSteps(value, types));
}

/** As `encodeValue`; may be interrupted wherever it yields. The value must not change meanwhile. */
export function* encodeInSteps(value: unknown, types: CodecTypes): Generator<void, Uint8Array, void> {
  try {
    const plan = yield* planEncoding(value, types);
    const texts = yield* new SnapshotText(plan).write(value);
    return typeof texts === 'string' ? new TextEncoder().encode(texts) : yield* bytesOf(texts);
  } catch (error) {
    throw unstorable(error);
  }
}

/** Characters that become bytes at once. */
const MOST_AT_ONCE = 65_536;

function* bytesOf(texts: readonly ValueText[]): Generator<void, Uint8Array, void> {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  let length = 0;
  let text = '[';
  const flush = (): void => {
    const part = encoder.encode(text);
    parts.push(part);
    length += part.length;
    text = '';
  };
  for (let i = 0; i < texts.length; i++) {
    if (i > 0) text += ',';
    const pieces = texts[i]!;
    for (const piece of typeof pieces === 'string' ? [pieces] : pieces) {
      text += piece;
      if (text.length < MOST_AT_ONCE) continue;
      flush();
      yield;
    }
  }
  text += ']';
  flush();
  return parts.length === 1 ? parts[0]! : yield* joined(parts, length);
}

function* joined(parts: readonly Uint8Array[], length: number): Generator<void, Uint8Array, void> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
    yield;
  }
  return bytes;
}

/**
 * The value that `encodeValue` was given. Runs no code that the bytes name: only `types` and built-in constructors.
 *
 * @throws UnreadableSnapshotError when this job cannot make sense of the bytes.
 */
export function decodeValue(bytes: Uint8Array, types: CodecTypes): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return parse(text, revivers(types));
  } catch (error) {
    throw unreadable(error);
  }
}

type Callbacks = Record<string, (value: unknown) => unknown>;

/** The mark keeps the names of custom types apart from those of devalue. */
const tagOf = (type: string): string => `@${type}`;

function revivers(types: CodecTypes): Callbacks {
  const callbacks: Callbacks = {};
  for (const [name, type] of Object.entries(types)) {
    const revive = (wrapped: unknown): unknown => type.decode((wrapped as [unknown])[0]);
    callbacks[tagOf(name)] = revive;
  }
  return callbacks;
}

function unstorable(error: unknown): CheckpointError {
  if (error instanceof UnstorableValueError) {
    const { problem, cause } = error;
    return new UnstorableValueError({ path: error.path.replace(/^\./, '') || 'the snapshot', problem, cause });
  }
  if (error instanceof CheckpointError) return error;
  return new UnstorableValueError({
    path: 'the snapshot',
    problem: `cannot be encoded (${reasonOf(error)}).`,
    cause: error,
  });
}

function unreadable(error: unknown): CheckpointError {
  if (error instanceof CheckpointError) return error;
  const unknownType = /^Unknown type @(.*)$/.exec(reasonOf(error))?.[1];
  const problem =
    unknownType === undefined
      ? reasonOf(error)
      : `it holds a value of type '${unknownType}', which this job does not know`;
  return new UnreadableSnapshotError({ problem, cause: error });
}
