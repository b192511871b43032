/**
 * What was thrown, for use inside the message of another error, with no full stop at the end. Errors of another realm are
 * no `Error` in this one.
 */
export function reasonOf(cause: unknown): string {
  const { message, name } = Object(cause) as { message?: unknown; name?: unknown };
  const text = typeof message === 'string' ? message || String(name) : String(cause);
  return text === 'undefined' ? 'No reason was given' : text.replace(/\.$/, '');
}
