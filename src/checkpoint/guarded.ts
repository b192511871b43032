import { throwError } from 'rxjs';

/** Runs what others gave. What it throws breaks nothing here: it ends where RxJS takes errors that nobody handles. */
export function guarded(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    throwError(() => error).subscribe();
  }
}
