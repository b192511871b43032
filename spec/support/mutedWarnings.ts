import { afterEach, beforeEach, jest } from '@jest/globals';

/** Keeps warnings off the console in each test of the file, and gives what is asked whether there were any. */
export function mutedWarnings(): () => jest.SpiedFunction<typeof console.warn> {
  let warn: jest.SpiedFunction<typeof console.warn>;
  beforeEach(() => {
    warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
  });
  afterEach(() => warn.mockRestore());
  return () => warn;
}
