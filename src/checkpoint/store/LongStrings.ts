/** Engines hash so much of a string by its length alone, so that long ones of one length would all be compared. */
export const LONG_STRING = 4_096;
/** With how many that look alike a string is compared at most. */
const MOST_ALIKE = 8;
const SAMPLE = 24;

/** Finds long strings again, without comparing each with all. One that looks like many others may not be found. */
export class LongStrings {
  private readonly bySample = new Map<string, { readonly text: string; readonly index: number }[]>();

  find(text: string): number | undefined {
    return this.bySample.get(sampleOf(text))?.find((known) => known.text === text)?.index;
  }

  add(text: string, index: number): void {
    const sample = sampleOf(text);
    const alike = this.bySample.get(sample);
    if (alike === undefined) this.bySample.set(sample, [{ text, index }]);
    else if (alike.length < MOST_ALIKE) alike.push({ text, index });
  }
}

function sampleOf(text: string): string {
  const middle = text.length >> 1;
  return `${text.length} ${text.slice(0, SAMPLE)} ${text.slice(middle, middle + SAMPLE)} ${text.slice(-SAMPLE)}`;
}
