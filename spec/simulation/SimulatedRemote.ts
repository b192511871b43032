import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import { fromRemote } from '../../src/sources/fromRemote.js';
import type { Message, Value } from '../support/InputSpec.js';
import { ThrownByInput } from '../support/InputSpec.js';
import type { Random } from '../../src/testing/random.js';

/**
 * A remote side that sends its messages whenever it likes, and answers a request for a barrier some messages later.
 * Its positions are the numbers of messages sent.
 *
 * @param onSent - told of each of them.
 */
export function simulatedRemote(
  messages: readonly Message[],
  random: Random,
  onSent: (count: number) => void,
): CheckpointedObservable<Value> {
  return fromRemote<Value, number>((sink, position = 0) => {
    let sent = position;
    onSent(sent);
    let isPaused = false;
    let timer: ReturnType<typeof setTimeout>;
    const later = (work: () => void): ReturnType<typeof setTimeout> => setTimeout(work, random.below(3));
    const send = (): void => {
      const message = messages[sent];
      if (message === undefined || isPaused) return;
      onSent(++sent);
      timer = later(send);
      if (message.kind === 'next') sink.next(message.value);
      else if (message.kind === 'complete') sink.complete();
      else sink.error(new ThrownByInput('thrown by an input'));
    };
    timer = later(send);
    return {
      requestBarrier(id) {
        const answer = (): void => sink.barrier(id, sent);
        if (random.chance(0.25)) answer();
        else setTimeout(answer, random.below(8));
      },
      pause: () => void (isPaused = true),
      resume() {
        isPaused = false;
        clearTimeout(timer);
        timer = later(send);
      },
      close: () => clearTimeout(timer),
    };
  });
}
