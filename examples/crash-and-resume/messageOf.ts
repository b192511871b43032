/** What the library's errors say is meant for people. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
