/**
 * Calls `work` as a task of its own, after the event loop had a turn. A message, where there are any: timers are made
 * to wait 4 ms by browsers, and a second in a tab that is hidden.
 */
export function nextTask(work: () => void): void {
  if (typeof MessageChannel === 'undefined') {
    setTimeout(work, 0);
    return;
  }
  const { port1, port2 } = new MessageChannel();
  // Types of browsers and of Node differ here.
  (port1 as { onmessage?: (() => void) | null }).onmessage = () => {
    port1.close();
    work();
  };
  port2.postMessage(null);
}
