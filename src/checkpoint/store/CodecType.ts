/**
 * How values of one kind, which snapshots do not carry by themselves, are stored: `encode` gives plain data that stands
 * for the value, `decode` makes the value from it.
 */
export interface CodecType {
  is(value: unknown): boolean;
  encode(value: unknown): unknown;
  decode(data: unknown): unknown;
}

/** By the name that snapshots remember; it must not change. Made of letters, digits, `-` and `_`. */
export type CodecTypes = Readonly<Record<string, CodecType>>;
