/** Stands in a snapshot for RxJS's `Notification`, which `materialize` emits. */
export class StoredNotification {
  constructor(
    readonly kind: 'N' | 'E' | 'C',
    /** Captured like any value. */
    readonly value: unknown,
    readonly error: unknown,
  ) {}
}
