import { DevalueError, parse, stringify } from 'devalue';

import { CheckpointError } from '../../errors/CheckpointError.js';
import { UnreadableSnapshotError } from '../../errors/UnreadableSnapshotError.js';
import { UnstorableValueError } from '../../errors/UnstorableValueError.js';
import type { CodecTypes } from './CodecType.js';
import type { EncodingPlan } from './planEncoding.js';
import { planEncoding } from './planEncoding.js';

/**
 * A value as bytes: devalue's text in UTF-8. What `decodeValue` gives back equals it, cycles and shared references
 * included; what would not is refused.
 *
 * @throws UnstorableValueError with the path to the culprit, e.g. `state.users[3].name`.
 */
export function encodeValue(value: unknown, types: CodecTypes): Uint8Array {
  try {
    const plan = planEncoding(value, types);
    const text = stringify(value, reducers(plan, types), {
      operations: { viewInfo: (view: ArrayBufferView) => plan.views.get(view)! },
    });
    return new TextEncoder().encode(text);
  } catch (error) {
    throw unstorable(error);
  }
}

/** As `encodeValue`; may be interrupted wherever it yields. The value must not change meanwhile. */
export function* encodeInSteps(value: unknown, types: CodecTypes): Generator<void, Uint8Array, void> {
  const bytes = encodeValue(value, types);
  yield;
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

function reducers(plan: EncodingPlan, types: CodecTypes): Callbacks {
  const callbacks: Callbacks = {};
  for (const type of Object.keys(types)) {
    callbacks[tagOf(type)] = (value) => {
      const standIn = plan.standIns.get(value);
      // In an array, since devalue takes anything falsy for "not mine".
      return standIn?.type === type ? [standIn.data] : undefined;
    };
  }
  return callbacks;
}

function revivers(types: CodecTypes): Callbacks {
  const callbacks: Callbacks = {};
  for (const [name, type] of Object.entries(types)) {
    callbacks[tagOf(name)] = (wrapped) => type.decode((wrapped as [unknown])[0]);
  }
  return callbacks;
}

function unstorable(error: unknown): CheckpointError {
  if (error instanceof UnstorableValueError) {
    const { problem, cause } = error;
    return new UnstorableValueError({ path: error.path.replace(/^\./, '') || 'the snapshot', problem, cause });
  }
  if (error instanceof CheckpointError) return error;
  const path = error instanceof DevalueError ? error.path.replace(/^\./, '') || 'the snapshot' : 'the snapshot';
  return new UnstorableValueError({ path, problem: `cannot be encoded (${messageOf(error)}).`, cause: error });
}

function unreadable(error: unknown): CheckpointError {
  if (error instanceof CheckpointError) return error;
  const unknownType = /^Unknown type @(.*)$/.exec(messageOf(error))?.[1];
  const problem =
    unknownType === undefined
      ? messageOf(error)
      : `it holds a value of type '${unknownType}', which this job does not know`;
  return new UnreadableSnapshotError({ problem, cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
