/**
 * What was thrown, for use inside the message of another error, with no full stop at the end. Errors of another realm are
 * no `Error` in this one.
 */
export function reasonOf(cause: unknown): string {
  if (cause === undefined) return 'No reason was given';
  const { message, name } = Object(cause) as { message?: unknown; name?: unknown };
  return (typeof message === 'string' ? message || String(name) : String(cause)).replace(/\.$/, '');
}
