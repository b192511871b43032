import { expect, test } from '@jest/globals';
import * as rx from 'rxjs/webSocket';

import { CheckpointSubject, journaled, scan, uid } from '../../src/index.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import * as ours from '../../src/webSocket/index.js';
import { observe, settled } from '../support/Observed.js';

class FakeWebSocket {
  static readonly opened: FakeWebSocket[] = [];
  readyState = 1;
  onopen: ((event: unknown) => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { wasClean: boolean }) => void) | null = null;

  constructor(readonly url: string) {
    FakeWebSocket.opened.push(this);
  }

  send(): void {}

  close(): void {
    this.readyState = 3;
  }
}

test("is RxJS's", () => {
  expect({ ...ours }).toEqual({ ...rx });
});

test('journaled, its messages count once, also over a crash', async () => {
  const storage = new FaultyStorage({ seed: 1 });
  const start = (over: FaultyStorage) => {
    const prices$ = ours.webSocket<number>({
      url: 'ws://localhost/prices',
      WebSocketCtor: FakeWebSocket as unknown as new (url: string) => WebSocket,
    });
    const checkpoints = new CheckpointSubject({ storage: over });
    const seen = observe(
      checkpoints.recover(
        journaled(prices$).pipe(
          uid('prices'),
          scan((sum, price) => sum + price, 0),
          uid('sum'),
        ),
      ),
    );
    return { checkpoints, seen };
  };
  const send = async (...prices: number[]): Promise<void> => {
    const socket = FakeWebSocket.opened[FakeWebSocket.opened.length - 1]!;
    for (const price of prices) socket.onmessage!({ data: JSON.stringify(price) });
    await settled();
  };
  const first = start(storage);
  await settled();
  await send(1, 2);
  await first.checkpoints.checkpoint();
  await send(4);
  expect(first.seen.last).toBe(7);
  const second = start(storage.crash());
  await settled();
  expect(second.seen.values).toEqual([7]);
  expect(FakeWebSocket.opened).toHaveLength(2);
  await send(8);
  expect(second.seen.values).toEqual([7, 15]);
  second.seen.unsubscribe();
  expect(FakeWebSocket.opened[1]!.readyState).toBe(3);
});
