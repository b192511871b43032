import { FileMissingError } from '../../src/errors/FileMissingError.js';
import { FileReplacedError } from '../../src/errors/FileReplacedError.js';
import { FileShrunkError } from '../../src/errors/FileShrunkError.js';
import { LineTooLongError } from '../../src/errors/LineTooLongError.js';
import type { CheckpointError } from '../../src/errors/CheckpointError.js';
import type { Random } from '../../src/testing/random.js';
import type { NaiveLine } from '../sources/naiveLines.js';
import { naiveLines } from '../sources/naiveLines.js';
import type { FileSpec } from './FileSpec.js';
import { bytesIn } from './FileSpec.js';

/** What a file has held at some time; null when there was none. */
interface Version {
  readonly bytes: Uint8Array | null;
  readonly lines: readonly NaiveLine[];
}

/** The bytes that a file is known again by: the first ones, and the last ones before the position. */
const KNOWN_BY = 4_096;
/** Then no byte is between those. */
const MOST_BYTES = 2 * KNOWN_BY;
const MOST_LINES = 24;

/** A file over all lives, and a part of the plain model: its lines are what is between line ends. */
export class FileVersions {
  private readonly versions: Version[] = [];
  /** Of which version it is what somebody has made of it; undefined while it is as it should be. */
  private changedFrom: number | undefined;
  current: number;
  /** Nothing is added as long as a life goes on that is drained: its model has said what may come. */
  standsStill = false;
  /** Whether the last life went on within it: what is changed then is noticed, if the next one does so. */
  private wasGoneOnWith = false;

  constructor(
    readonly path: string,
    private readonly spec: FileSpec,
    private readonly random: Random,
  ) {
    this.current = this.add(Uint8Array.from(Buffer.from(spec.pieces.join(''), 'latin1')));
  }

  private add(bytes: Uint8Array | null): number {
    return this.versions.push({ bytes, lines: bytes === null ? [] : naiveLines(bytes) }) - 1;
  }

  get bytes(): Uint8Array | null {
    return this.versions[this.current]!.bytes;
  }

  lines(version: number): readonly NaiveLine[] {
    return this.versions[version]!.lines;
  }

  // What happens to it

  /** Nobody reads it. */
  rest(): void {
    const { random, spec } = this;
    this.standsStill = false;
    if (this.changedFrom !== undefined) {
      if (random.chance(0.15)) {
        this.current = this.changedFrom;
        this.changedFrom = undefined;
      }
    } else if (random.chance(this.wasGoneOnWith ? spec.changes : spec.changes / 20)) this.change();
    else if (spec.grows !== 'never' && random.chance(0.3)) this.grow();
    this.wasGoneOnWith = false;
  }

  /** A life begins behind so many of its lines. */
  goesOn(count: number): void {
    this.wasGoneOnWith ||= count > 0;
  }

  /** Somebody reads it. @returns whether it has grown. */
  mayGrow(): boolean {
    if (this.spec.grows !== 'at any time' || this.standsStill) return false;
    if (this.changedFrom !== undefined || !this.random.chance(0.05)) return false;
    const before = this.current;
    this.grow();
    return this.current !== before;
  }

  /** By whole lines: the rest of a line that was the last one would be another one. */
  private grow(): void {
    const { bytes, random } = this;
    if (bytes!.length > 0 && bytes!.at(-1) !== 10) return;
    const count = Math.min(1 + random.below(3), MOST_LINES - this.lines(this.current).length);
    const added = Array.from({ length: count }, () => `${random.pick(['more', '', 'é', 'm'.repeat(20)])}\n`).join('');
    const last = random.chance(0.1) ? 'last' : '';
    const grown = Buffer.concat([bytes!, Buffer.from(bytesIn(added + last), 'latin1')]);
    if (grown.length <= MOST_BYTES) this.current = this.add(Uint8Array.from(grown));
  }

  private change(): void {
    const { random, current } = this;
    const changed = this.otherThan(
      this.bytes!,
      random.pick(['letter', 'letter', 'shorter', 'shorter', 'shorter', 'shorter', 'another', 'gone']),
    );
    if (changed === undefined) return;
    this.changedFrom = current;
    this.current = this.add(changed);
  }

  private otherThan(bytes: Uint8Array, how: string): Uint8Array | null | undefined {
    const { random } = this;
    if (how === 'gone') return null;
    if (bytes.length === 0) return undefined;
    if (how === 'another') return Uint8Array.of(bytes[0]! ^ 1, ...bytes.subarray(random.below(bytes.length)), 97, 10);
    if (how === 'shorter')
      return bytes.slice(0, random.pick([{ offset: 0 }, ...this.lines(this.current).slice(0, -1)]).offset);
    const letters = [...bytes.keys()].filter((i) => bytes[i]! >= 32);
    if (letters.length === 0) return undefined;
    const at = random.pick([letters[0]!, ...letters.slice(-20)]);
    const changed = bytes.slice();
    changed[at] = bytes[at] === 122 ? 90 : 122;
    return changed;
  }

  // What has to come of it

  /** Where it goes on behind so many lines of a version. */
  offset(version: number, count: number): number {
    return count === 0 ? 0 : this.lines(version)[count - 1]!.offset;
  }

  /** Why it cannot go on there, if it cannot. */
  refusal(version: number, count: number): CheckpointError | null {
    const { path, bytes } = this;
    const offset = this.offset(version, count);
    if (bytes === null) return new FileMissingError({ path, offset });
    if (version === this.current) return null;
    if (bytes.length < offset) return new FileShrunkError({ path, offset, sizeBytes: bytes.length });
    const known = this.versions[version]!.bytes!;
    const differs = (from: number): boolean => {
      for (let at = Math.max(0, from); at < Math.min(from + KNOWN_BY, offset); at++)
        if (known[at] !== bytes[at]) return true;
      return false;
    };
    if (differs(0)) return new FileReplacedError({ path, offset, part: 'head' });
    return offset > KNOWN_BY && differs(offset - KNOWN_BY)
      ? new FileReplacedError({ path, offset, part: 'tail' })
      : null;
  }

  /** Why its next line is none. */
  problem(count: number): CheckpointError | null {
    const { path, current } = this;
    const { maxLineBytes } = this.spec;
    const offset = this.offset(current, count);
    const line = this.lines(current)[count];
    if (line === undefined || maxLineBytes === undefined || line.offset - offset <= maxLineBytes) return null;
    return new LineTooLongError({ path, offset, maxLineBytes });
  }

  /** How many lines come before one that is none. */
  whole(version: number): number {
    const { maxLineBytes = Infinity } = this.spec;
    const all = this.lines(version);
    const at = all.findIndex((line, i) => line.offset - this.offset(version, i) > maxLineBytes);
    return at < 0 ? all.length : at;
  }
}
