/** What was thrown, for use inside the message of another error. Errors of another realm are no `Error` in this one. */
export function reasonOf(cause: unknown): string {
  const message = (cause as { message?: unknown } | null | undefined)?.message;
  return (typeof message === 'string' ? message : String(cause)).replace(/\.$/, '');
}
