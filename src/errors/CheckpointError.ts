/**
 * The base of every error that this library raises on purpose. `code` is a literal in each subclass, so that
 * `switch (error.code)` narrows; the message says what failed, why going on would be unsafe, and what to do.
 */
export abstract class CheckpointError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}
