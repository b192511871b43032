/** The page of the savepoint spec: travels in the browser, over IndexedDB. */
import { localForageStorage } from 'rxjs-checkpoint/localforage';

import { travel } from './movingTotal.js';

(window as unknown as { travel: unknown }).travel = (name: string, bytes: number[] | null, stopAfter: number) =>
  travel(localForageStorage({ name, storeName: 'checkpoints' }), bytes, stopAfter);
