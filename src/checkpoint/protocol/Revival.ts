import { Notification } from 'rxjs';

import { invariant } from '../../errors/invariant.js';
import { copyValue } from './copyValue.js';
import { freezeState } from './freezeState.js';
import { LiveHandle } from './LiveHandle.js';
import type { ErrorType } from './StoredError.js';
import { StoredError } from './StoredError.js';
import { StoredNotification } from './StoredNotification.js';

/** The way back from `Capture`: gives participants users' values out of a snapshot. */
export class Revival {
  constructor(
    private readonly errorTypes: readonly ErrorType[],
    private readonly findLive: (handle: LiveHandle) => object,
  ) {}

  /** A value that was captured with `own`: frozen, and the very object that the snapshot has, if it can be. */
  own<T>(value: T): T {
    // What is frozen all the way down cannot hold a stand-in, since `freezeState` does not protect those.
    if (freezeState(value, 'state')) return value;
    const copy = this.held(value);
    freezeState(copy, 'state');
    return copy;
  }

  /** A value that was captured with `held`: the user's own again, not frozen. */
  held<T>(value: T): T {
    if (typeof value !== 'object' || value === null) return value;
    return copyValue(value, { path: 'state', frozen: false, replace: (part) => this.replace(part) });
  }

  /** A copy for the user's code before anything is connected: groups and windows are still their handles. */
  detached(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const replace = (part: object): object => (part instanceof LiveHandle ? part : this.replace(part));
    return copyValue(value, { path: 'state', frozen: false, replace });
  }

  private replace(part: object): object {
    if (part instanceof LiveHandle)
      return this.findLive(new LiveHandle(part.id, part.status, this.held(part.key), this.held(part.error)));
    if (part instanceof StoredError) return this.createError(part);
    if (part instanceof StoredNotification)
      return new Notification(part.kind as 'E', this.held(part.value) as undefined, this.held(part.error));
    return part;
  }

  private createError(stored: StoredError): Error {
    const type = this.errorTypes.find((candidate) => candidate.name === stored.type);
    invariant(
      type !== undefined,
      `error class '${stored.type}' of a snapshot is not among the errorTypes any more: give it to CheckpointSubject again`,
    );
    const error = type.create(stored.message);
    if (error.message !== stored.message) {
      Object.defineProperty(error, 'message', {
        value: stored.message,
        writable: true,
        configurable: true,
        enumerable: false,
      });
    }
    for (const [key, value] of Object.entries(stored.fields)) {
      Object.defineProperty(error, key, {
        value: this.held(value),
        writable: true,
        configurable: true,
        enumerable: key !== 'stack' && key !== 'cause',
      });
    }
    return error;
  }
}
