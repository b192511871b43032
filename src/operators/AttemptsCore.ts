import type { Scope } from '../checkpoint/protocol/Scope.js';
import { subscribeOutside } from './base/connectOutside.js';
import { HigherOrderCore } from './base/HigherOrderCore.js';
import { Input } from './base/OperatorCore.js';
import type { Site } from './base/Site.js';

export interface AttemptState {
  /** Which subscription to the source this is, from 0. */
  attempt: number;
}

/**
 * What subscribes to its source again. Each attempt is a scope of its own in a job, since a group of an old attempt can
 * outlive it.
 */
export abstract class AttemptsCore<T, R, S extends AttemptState> extends HigherOrderCore<R, T, S> {
  private lingeringAttempts: Set<number> | null = null;

  protected override subscribeInput(index: number): void {
    const input = this.createInput();
    this.inputs[index] = input;
    this.subscribeAttempt(this.s.attempt, input);
  }

  protected createInput(): Input<unknown> {
    return new Input(this, 0, this.dest, this.unsubscribesFirst);
  }

  protected subscribeAttempt(attempt: number, input: Input<unknown>): void {
    const { site } = this;
    if (site === null) {
      subscribeOutside(this.sources[0]!, input);
      return;
    }
    const scope = site.scope.attempt(site, attempt);
    site.run.join(() => {
      input.upstream = site.connectAttempt(0, scope, input);
      this.pauseNewcomer(input.upstream);
      input.add(() => this.lingerIfNeeded(scope, attempt));
    });
  }

  /** It waits for the next attempt, or has none. What is above may live on. */
  protected override connectDone(index: number): void {
    this.noteDone(index);
    const { attempt } = this.s;
    if (this.lingeringAttempts?.has(attempt) !== true) this.reviveAttempt(this.site!, attempt);
  }

  private lingerIfNeeded(scope: Scope, attempt: number): void {
    if (scope.population === 0) return;
    const lingering = (this.lingeringAttempts ??= new Set());
    lingering.add(attempt);
    const deserted = (): void => {
      lingering.delete(attempt);
      this.leaveIfNotNeeded();
    };
    scope.onDeserted = deserted;
  }

  protected override isNeeded(): boolean {
    return super.isNeeded() || (this.lingeringAttempts !== null && this.lingeringAttempts.size > 0);
  }

  protected override onEnd(): void {
    super.onEnd();
    if (this.site !== null) this.inputs[0]?.unsubscribe();
  }

  /** For a snapshot: the attempts that are over, of which parts live on. */
  protected lingeringSnapshot(): readonly number[] {
    return Object.freeze([...(this.lingeringAttempts ?? [])]);
  }

  protected reviveLingeringAttempts(attempts: readonly number[]): void {
    for (const attempt of attempts) this.reviveAttempt(this.site!, attempt);
  }

  private reviveAttempt(site: Site, attempt: number): void {
    const scope = site.scope.attempt(site, attempt);
    site.connectDeadAttempt(0, scope);
    this.lingerIfNeeded(scope, attempt);
  }
}
