/**
 * RxJS's WebSockets as they are: a `WebSocketSubject` is a Subject. In a job it is a hot source that starts afresh after
 * a restore, so say what is to become of its messages:
 *
 * - `journaled(webSocket(url))`: each is kept until a checkpoint covers it, and counts exactly once.
 * - `fromObservable(webSocket(url), { hot: true })`: what had come since the checkpoint is lost.
 *
 * @packageDocumentation
 */
export { webSocket, WebSocketSubject } from 'rxjs/webSocket';
export type { WebSocketSubjectConfig } from 'rxjs/webSocket';
