import { FileReadError } from '../../src/errors/FileReadError.js';
import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import { finalize } from '../../src/operators/finalize.js';
import { fileNode } from '../../src/sources/fileNode.js';
import type { Random } from '../../src/testing/random.js';
import type { Value } from '../support/InputSpec.js';
import { values } from '../support/InputSpec.js';
import type { FileSpec } from './FileSpec.js';
import { decodeAsciiOf, formatOf } from './FileSpec.js';
import { FileVersions } from './FileVersions.js';
import type { Living } from './Plot.js';
import type { InputEnd, OpenedInput, PulledInput, Read } from './PulledInput.js';
import { isStuck, SimulatedFiles } from './SimulatedFiles.js';
import { Violation } from './Violation.js';

const letters = Object.values(values);
/** A file is read in so many pieces, or a few more. */
const PIECES = 10;

/** What the operators get for a line: the same for the same line. */
function valueOf(line: string): Value {
  let sum = 0;
  for (let i = 0; i < line.length; i++) sum += line.charCodeAt(i);
  return letters[sum % letters.length];
}

/** The lines of a file that is read in all lives. */
export class FileInput implements PulledInput {
  private readonly file: FileVersions;
  private opened: OpenedFile[] = [];

  constructor(
    path: string,
    private readonly spec: FileSpec,
    private readonly context: { readonly random: Random; readonly isFaulty: boolean },
  ) {
    this.file = new FileVersions(path, spec, context.random);
  }

  rest(): void {
    for (const opened of this.opened) opened.checkClosed();
    this.opened = [];
    this.file.rest();
  }

  open(random: Random, life: Living): OpenedInput {
    const { file, spec } = this;
    const opened = new OpenedFile({ file, spec, random, life, isFaulty: this.context.isFaulty });
    this.opened.push(opened);
    return opened;
  }
}

interface OpenedFileOptions {
  readonly file: FileVersions;
  readonly spec: FileSpec;
  readonly random: Random;
  readonly life: Living;
  readonly isFaulty: boolean;
}

class OpenedFile implements OpenedInput {
  readonly source$: CheckpointedObservable<unknown>;
  private readonly files: SimulatedFiles;
  private isOver = false;

  constructor(private readonly options: OpenedFileOptions) {
    const { file, spec, random, life, isFaulty } = options;
    this.files = new SimulatedFiles({ file, random, life, isFaulty, decodeAscii: decodeAsciiOf(spec) });
    const readBytes = Math.max(spec.readBytes, Math.ceil((file.bytes?.length ?? 0) / PIECES));
    const { path } = file;
    this.source$ = fileNode({ fileSystem: this.files, path, format: formatOf(spec), readBytes }).pipe(
      finalize(() => (this.isOver = true)),
    );
  }

  get version(): number {
    return this.options.file.current;
  }

  came(read: Read, record: unknown): Value {
    const { file } = this.options;
    this.checkSame(read, `emitted ${JSON.stringify(record)}`);
    const due = file.lines(file.current)[read.count]?.record;
    const problem = file.problem(read.count);
    if (due !== record || problem !== null)
      throw new Violation(
        `'${file.path}' gave ${JSON.stringify(record)} as its line ${read.count}, and not ${problem?.name ?? JSON.stringify(due)}`,
      );
    return valueOf(due!);
  }

  ended(read: Read): void {
    const { file } = this.options;
    this.checkSame(read, 'ended');
    const { endedAt } = this.files;
    if (endedAt === null) throw new Violation(`'${file.path}' ended before its end was read`);
    const due = file.lines(endedAt).length;
    if (read.count !== due) throw new Violation(`'${file.path}' ended after ${read.count} lines, and not after ${due}`);
  }

  private checkSame({ version, count }: Read, what: string): void {
    const { file } = this.options;
    const refusal = file.refusal(version, count);
    if (refusal !== null) throw new Violation(`'${file.path}' ${what}, in place of: ${refusal.message}`);
  }

  failed({ version, count }: Read, error: unknown): void {
    const { file, life } = this.options;
    if (error instanceof FileReadError && this.files.hasFailed) return;
    const due = file.refusal(version, count) ?? file.problem(count);
    if (String(error) !== String(due))
      throw new Violation(`'${file.path}' failed with ${String(error)}, and not ${due}`);
    life.step(`source refused: ${due!.code}`);
  }

  drained(): void {
    this.options.file.standsStill = true;
  }

  before({ version, count, hasEnded }: Read): readonly Value[] {
    const { file, life } = this.options;
    if (!hasEnded) file.goesOn(count);
    if (!hasEnded && version !== file.current) life.step('source that is not as it was');
    return file
      .lines(version)
      .slice(0, count)
      .map(({ record }) => valueOf(record));
  }

  rest({ version, count }: Read): { readonly values: readonly Value[]; readonly end: InputEnd } {
    const { file } = this.options;
    const refusal = file.refusal(version, count);
    if (refusal !== null) return { values: [], end: { error: refusal } };
    const whole = file.whole(file.current);
    const values = file.lines(file.current).slice(count, whole);
    const problem = file.problem(whole);
    return {
      values: values.map(({ record }) => valueOf(record)),
      end: problem === null ? 'complete' : { error: problem },
    };
  }

  /** Its life is over. */
  checkClosed(): void {
    const { files, isOver } = this;
    const { life, file } = this.options;
    if (life.isDead || !isOver || isStuck(life) || files.openFiles === 0) return;
    throw new Violation(`'${file.path}' was left open`);
  }
}
