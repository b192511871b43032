export type AssertDeepEqual = (actual: unknown, expected: unknown) => boolean | void;

/**
 * Compares with the user's own assertion, which says no by throwing or by returning false.
 *
 * @param drawing - shows the difference in the test's own terms; the message begins with it.
 */
export function assertEqual(
  assertDeepEqual: AssertDeepEqual,
  { actual, expected }: { readonly actual: unknown; readonly expected: unknown },
  drawing: () => string,
): void {
  let said = 'assertDeepEqual returned false.';
  try {
    if (assertDeepEqual(actual, expected) !== false) return;
  } catch (error) {
    said = error instanceof Error ? error.message : String(error);
  }
  // Without a cause, of which test frameworks would print all that was said once more.
  throw new Error(`${drawing()}\n\n${said}`);
}
