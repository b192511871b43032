import type { OperatorUseOptions } from '../Stage.js';

/** What a drain makes of sources, and RxJS has no way for. */
export const repeating: OperatorUseOptions = { differsInDrains: 'it does not subscribe to its source again' };
export const bringing: OperatorUseOptions = { differsInDrains: 'it has sources of its own, which end too' };
export const together: OperatorUseOptions = {
  differsInDrains: 'which of its inputs ends first decides, and both end now',
};
