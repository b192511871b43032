import type { OperatorUse, OperatorUseOptions } from './Stage.js';

/** A shared stream that is reached from another scope than its own needs a uid. */
export function sharesWithoutUid(chain: readonly OperatorUse[]): boolean {
  return sharesBefore(chain, ({ reachesOut }) => reachesOut === true);
}

/** Whether RxJS, the model, shows what comes out of it in a job. */
export function isAsInRxjs(chain: readonly OperatorUse[]): boolean {
  return (
    chain.every(({ options }) => options.differsInJobs === undefined) &&
    !sharesBefore(chain, ({ branches }) => branches === true)
  );
}

function sharesBefore(chain: readonly OperatorUse[], is: (options: OperatorUseOptions) => boolean): boolean {
  const shared = chain.findIndex(({ options }) => options.shares);
  return shared >= 0 && chain.slice(shared + 1).some(({ options }) => is(options));
}
