import { inAWhile } from '../io/inAWhile.js';

/** Whoever waits for so long is told of on the console: nothing flows meanwhile, and nothing else would say why. */
const PATIENCE_MS = 10_000;

/** Tells of pipelines that wait for others to come back, which may have been forgotten, or be no part of the program any more. */
export class Waiting {
  private isWatched = false;

  /** @param waits - who waits for whom at the time, by name. */
  constructor(private readonly waits: () => ReadonlyMap<string, readonly string[]>) {}

  /** Looks again in a while, if anybody waits now. */
  watch(): void {
    if (this.isWatched || this.waits().size === 0) return;
    this.isWatched = true;
    inAWhile(() => {
      this.isWatched = false;
      for (const [name, others] of this.waits()) warn(name, others);
    }, PATIENCE_MS);
  }
}

function warn(name: string, others: readonly string[]): void {
  const missing = others.map((other) => `'${other}'`).join(', ');
  // eslint-disable-next-line no-console -- there is no error to put it into: they may still come
  console.warn(
    `rxjs-checkpoint: pipeline '${name}' waits for ${missing}. They shared a part at the checkpoint, which can only go on for all of them together: ` +
      `recover() ${missing} too. If the program does not have ${missing} any more: new CheckpointSubject({ …, dropPipelines: [${missing}] }).`,
  );
}
