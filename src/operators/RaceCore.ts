import type { Input } from './base/OperatorCore.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Outlet } from './base/Outlet.js';

interface RaceState {
  /** The input that emitted first; -1 before. */
  winner: number;
}

/** What race and raceWith do: the first input that emits stays, the others are left. */
export class RaceCore<R> extends OperatorCore<R, RaceState> {
  s: RaceState = { winner: -1 };

  private beginning = -1;

  protected override begin(): void {
    const { sources, dest, s } = this;
    for (let index = 0; index < sources.length && s.winner < 0 && !dest.closed; index++) {
      this.beginning = index;
      this.subscribeInput(index);
    }
    this.beginning = -1;
  }

  override onNext(value: unknown, input: number): void {
    if (this.s.winner < 0) this.win(input);
    this.out.next(value as R);
  }

  override passageOf({ index }: Input<unknown>): Outlet<R> | null {
    return this.s.winner === index ? this.out : null;
  }

  private win(winner: number): void {
    this.s.winner = winner;
    // As in RxJS, one that is only just being subscribed stays.
    this.inputs.forEach((input, index) => index !== winner && index !== this.beginning && input?.unsubscribe());
    this.inputs[winner]?.opened();
  }

  override onComplete(): void {
    this.dest.complete();
  }

  override handsOn(): boolean {
    return true;
  }

  protected captureState(): RaceState {
    return { ...this.s };
  }

  protected override restoreStructure({ winner }: RaceState): void {
    this.s = { winner };
  }

  protected restoreState(): void {}
}
