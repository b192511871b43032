import type { CheckpointRequest } from './PendingCheckpoint.js';

/** What was accepted and has not begun: those who wait for a checkpoint, and whether a trigger wants one. */
export class WaitingLine {
  private requests: CheckpointRequest[] = [];
  private isTriggered = false;

  get isEmpty(): boolean {
    return this.requests.length === 0 && !this.isTriggered;
  }

  /** Whether one is accepted that others may share: anything but a savepoint. */
  get hasShared(): boolean {
    return this.isTriggered || this.requests.some(({ kind }) => kind !== 'savepoint');
  }

  trigger(): void {
    this.isTriggered = true;
  }

  add(request: CheckpointRequest): void {
    this.requests.push(request);
  }

  /** Who gets the next checkpoint: a savepoint has one of its own, and comes first. None for a mere trigger; null for nobody. */
  next(): readonly CheckpointRequest[] | null {
    const savepoint = this.requests.find(({ kind }) => kind === 'savepoint');
    if (savepoint !== undefined) return [savepoint];
    return this.isEmpty ? null : this.requests;
  }

  /** Those that `next` gave, whose checkpoint begins. */
  take(requests: readonly CheckpointRequest[]): void {
    this.requests = this.requests.filter((request) => !requests.includes(request));
    if (requests[0]?.kind !== 'savepoint') this.isTriggered = false;
  }

  /** Takes all. */
  clear(): readonly CheckpointRequest[] {
    this.isTriggered = false;
    return this.requests.splice(0);
  }
}
