import { Notification } from 'rxjs';

import { copyValue } from './copyValue.js';
import type { FormerStates } from './FormerStates.js';
import { freezeState } from './freezeState.js';
import { isLive, LIVE, LiveHandle } from './LiveHandle.js';
import type { ErrorType } from './StoredError.js';
import { StoredError } from './StoredError.js';
import { StoredNotification } from './StoredNotification.js';
import { describeValue } from './valueKind.js';
import type { ValuePath } from './ValuePath.js';

/**
 * What a participant puts users' values through when it hands over its snapshot, so that the snapshot cannot change
 * any more, whatever the user's code does (invariant 8 of the design).
 */
export class Capture {
  constructor(
    private readonly errorTypes: readonly ErrorType[],
    /** Of the checkpoint that it is for; 0 for none. */
    readonly checkpointId: number = 0,
    /** When the checkpoint was triggered, in ms since the epoch. */
    readonly timestamp: number = 0,
    private readonly former?: FormerStates,
  ) {}

  /** How many values have been captured that operators merely held. */
  heldCount = 0;

  /**
   * A value that is the operator's state: it is frozen, so that whoever mutates it later fails there and then, and is
   * handed over as it is. What freezing cannot protect is copied.
   */
  own<T>(value: T, name: string): T {
    return freezeState(value, `state.${name}`, this.former) ? value : this.copied(value, name);
  }

  /** A value that is merely held for a while: it stays the user's to change, so the snapshot has a copy. */
  held<T>(value: T, name: string): T {
    this.heldCount++;
    return this.copied(value, name);
  }

  private copied<T>(value: T, name: string): T {
    if (typeof value !== 'object' || value === null) {
      if (typeof value !== 'function' && typeof value !== 'symbol') return value;
    }
    return copyValue(value, { path: `state.${name}`, frozen: true, replace: (part, path) => this.standIn(part, path) });
  }

  private standIn(value: object, path: ValuePath): object {
    if (value instanceof LiveHandle || value instanceof StoredError || value instanceof StoredNotification)
      return value;
    if (value instanceof Notification) {
      const { kind, value: content } = value as Notification<unknown>;
      const error: unknown = value.error;
      return new StoredNotification(
        kind,
        this.copied(content, '<notification>.value'),
        this.copied(error, '<notification>.error'),
      );
    }
    if (isLive(value)) {
      const { id, status, key, error } = value[LIVE]();
      if (id === 0) {
        path.fail(
          'is a group or window of a plain Observable, which a restore could not make again. Start its stream with a source of this library: fromObservable(source$).',
        );
      }
      return new LiveHandle(id, status, this.copied(key, '<group key>'), this.copied(error, '<its error>'));
    }
    return this.storeError(value as Error, path);
  }

  private storeError(error: Error, path: ValuePath): StoredError {
    const type = this.errorTypes.find((candidate) => candidate.is(error));
    if (type === undefined) {
      path.fail(
        `is ${describeValue(error)}, an error class that a restore could not re-create. ` +
          'Tell CheckpointSubject about it with the option errorTypes, or throw a built-in error.',
      );
    }
    const fields: Record<string, unknown> = {};
    for (const key of new Set(['stack', 'cause', ...Object.keys(error)])) {
      if (key === 'name' && !Object.hasOwn(error, 'name')) continue;
      if (Object.hasOwn(error, key))
        fields[key] = this.copied((error as unknown as Record<string, unknown>)[key], `<error>.${key}`);
    }
    return new StoredError(type.name, error.message, fields);
  }
}
