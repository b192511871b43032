import { LiveHandle } from './protocol/LiveHandle.js';
import type { LiveStatus } from './protocol/LiveHandle.js';
import { StoredError } from './protocol/StoredError.js';
import { StoredNotification } from './protocol/StoredNotification.js';
import type { CodecTypes } from './store/CodecType.js';

/** How the stand-ins of live Observables, errors and notifications are stored. The names are part of the format. */
export const codecTypes: CodecTypes = {
  Live: {
    is: (value) => value instanceof LiveHandle,
    encode: (value) => {
      const { id, status, key, error } = value as LiveHandle;
      return [id, status, key, error];
    },
    decode: (data) => {
      const [id, status, key, error] = data as [number, LiveStatus, unknown, unknown];
      return new LiveHandle(id, status, key, error);
    },
  },
  Notification: {
    is: (value) => value instanceof StoredNotification,
    encode: (value) => {
      const { kind, value: content, error } = value as StoredNotification;
      return [kind, content, error];
    },
    decode: (data) => {
      const [kind, content, error] = data as ['N' | 'E' | 'C', unknown, unknown];
      return new StoredNotification(kind, content, error);
    },
  },
  Error: {
    is: (value) => value instanceof StoredError,
    encode: (value) => {
      const { type, message, fields } = value as StoredError;
      return [type, message, fields];
    },
    decode: (data) => {
      const [type, message, fields] = data as [string, string, Record<string, unknown>];
      return new StoredError(type, message, fields);
    },
  },
};
