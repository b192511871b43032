/**
 * Calls `work` as a task of its own, after the event loop had a turn. A message, where there are any: timers are made
 * to wait 4 ms by browsers, and a second in a tab that is hidden.
 */
export function nextTask(work: () => void): void {
  if (typeof MessageChannel === 'undefined') {
    setTimeout(work, 0);
    return;
  }
  // Node's types know ports as emitters only.
  const { port1, port2 } = new MessageChannel() as unknown as Readonly<Record<'port1' | 'port2', Port>>;
  const received = (): void => {
    port1.close();
    work();
  };
  port1.onmessage = received;
  port2.postMessage(null);
}

interface Port {
  onmessage: (() => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}
