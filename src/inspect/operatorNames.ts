/**
 * Names of operators, taken apart (decision 0002). A name is a chain of scopes and ends with an operator:
 *
 *     total                        a uid
 *     main:flights:scan#1of2       pipeline, the uid above it (or none), operator
 *     per-state[3]/tally           the uid `tally` in inner pipeline 3 of the operator `per-state`
 *     per-state[3]:tally:scan      a structural name in there
 *     source@2/x                   the uid `x` in attempt 2: in the pipeline it is the same operator as `x`
 *     prices@0:scan                a structural name above the shared node with the uid `prices`, in its first connection
 */
export interface NamePart {
  /** What separates it from the part before: `''` at the start. */
  readonly separator: '' | '/' | ':';
  /** Before a structural name at the start of a name. */
  readonly pipeline: string | null;
  /** The uid above a structural name. */
  readonly anchor: string | null;
  /** A uid, or an operator with its count. */
  readonly local: string;
  readonly isUid: boolean;
  /** `[3]` or `@2` when more parts follow, else `''`. */
  readonly suffix: string;
}

const PART = /^([/:]?)([^[\]@/]*)(\[[^\]]*\]|@\d+)?/;

/** Undefined for what is no name of an operator. */
export function parseName(name: string): NamePart[] | undefined {
  const parts: NamePart[] = [];
  let rest = name;
  while (rest !== '') {
    const [whole, separator, text, suffix = ''] = PART.exec(rest)!;
    const isFirst = parts.length === 0;
    if (!isFirst && parts[parts.length - 1]!.suffix === '') return undefined;
    if (whole === '' || text === '' || isFirst !== (separator === '')) return undefined;
    const words = text!.split(':');
    const pipeline = isFirst && words.length > 1 ? words.shift()! : null;
    const isUid = pipeline === null && separator !== ':';
    if (words.length > (isUid ? 1 : 2) || words.includes('')) return undefined;
    const local = words.pop()!;
    parts.push({
      separator: separator as NamePart['separator'],
      pipeline,
      anchor: words[0] ?? null,
      local,
      isUid,
      suffix,
    });
    rest = rest.slice(whole.length);
  }
  const last = parts[parts.length - 1];
  return last?.suffix === '' ? parts : undefined;
}

export function formatName(parts: readonly NamePart[]): string {
  return parts
    .map(({ separator, pipeline, anchor, local, suffix }) => {
      const words = [pipeline, anchor, local].filter((word) => word !== null);
      return separator + words.join(':') + suffix;
    })
    .join('');
}

/** The name with every index left open, and without attempts: what is one operator in the pipeline's code. */
export function patternOf(parts: readonly NamePart[]): string {
  return scopeOf(parts, parts.length - 1) + textOf(parts, parts.length - 1);
}

/** Where the part stands, as a pattern: `per-state[*]/`, or nothing for the job itself. */
export function scopeOf(parts: readonly NamePart[], index: number): string {
  for (let i = index - 1; i >= 0; i--) {
    // Another attempt is in the scope of the first one.
    if (parts[i]!.suffix.startsWith('[')) return `${scopeOf(parts, i)}${textOf(parts, i)}[*]`;
  }
  return '';
}

function textOf(parts: readonly NamePart[], index: number): string {
  const { pipeline, anchor, local, isUid } = parts[index]!;
  const text = [pipeline, anchor, local].filter((word) => word !== null).join(':');
  return scopeOf(parts, index) === '' ? text : (isUid ? '/' : ':') + text;
}
