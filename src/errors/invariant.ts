/** A bug in this library when it fails, never a user's mistake. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`rxjs-checkpoint, broken invariant: ${message}. Please report this.`);
}
