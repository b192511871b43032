// Type tests: `npm run types` compiles this folder. What must be refused carries @ts-expect-error, which fails when
// it is accepted after all.
import { of, type Observable } from 'rxjs';

export const numbers$: Observable<number> = of(1, 2);

// @ts-expect-error an Observable of numbers is not one of strings
export const strings$: Observable<string> = of(1, 2);
