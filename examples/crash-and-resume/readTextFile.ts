import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { interval } from 'rxjs';
import { CheckpointSubject } from 'rxjs-checkpoint';
import { fileStorage } from 'rxjs-checkpoint/node';

import { countLines } from './countLines.js';
import { describeCheckpoint } from './describeCheckpoint.js';
import { count } from './format.js';
import { handledIn } from './handledIn.js';
import { messageOf } from './messageOf.js';
import { Screen } from './Screen.js';
import type { TextReport } from './textFile.js';
import { textReport } from './textFile.js';
import { describeText } from './textTables.js';

/**
 * Reads a text file, and can be stopped at any time: the next start goes on.
 *
 * @returns the exit code.
 */
export async function readTextFile(file: string): Promise<number> {
  const path = resolve(file);
  const stateDirectory = stateDirectoryOf(path);
  introduce(path, stateDirectory);
  const screen = new Screen();
  // A file that is not there is for the pipeline to report: it knows what that means to a checkpoint.
  const bar = screen.bar('records', await countLines(path).catch(() => 0));
  let isFirst = true;
  const onHandled = (line: number): void => {
    if (isFirst) screen.log(line === 1 ? 'Starting at record 1.' : `Going on at record ${count(line)}.`);
    isFirst = false;
    bar.update(line);
  };
  const checkpoints = new CheckpointSubject({ storage: fileStorage(stateDirectory), trigger: interval(1_000) });
  checkpoints.failures$.subscribe(({ reason, message }) => {
    // A checkpoint that is left out because the one before takes long is no problem: the next one follows.
    if (reason !== 'too-many-pending') screen.log(`  ${message}`);
  });
  checkpoints.subscribe((checkpoint) => {
    screen.log(`  ${describeCheckpoint({ ...checkpoint, record: handledIn(checkpoint) })}`);
  });
  const report$ = checkpoints.recover(textReport(path, { linesPerSecond: 1_000, onHandled }));

  return new Promise((exitWith) => {
    const end = (exitCode: number, text: string): void => {
      screen.stop();
      console.log(`\n${text}`);
      exitWith(exitCode);
    };
    const subscription = report$.subscribe({
      // Kept before the checkpoint that says that the pipeline has completed: killed in between, it is done again.
      next: (report) => writeFileSync(reportIn(stateDirectory), JSON.stringify(report)),
      complete: () =>
        end(0, `${describeReport(stateDirectory)}\n\nThis file was read to its end. ${startAnew(stateDirectory)}`),
      error: (error: unknown) => end(1, `${messageOf(error)}\n\n${startAnew(stateDirectory)}`),
    });
    process.once('SIGINT', () => {
      const stop = (): void => {
        subscription.unsubscribe();
        end(130, 'Stopped. The same command goes on from the newest checkpoint.');
      };
      // A last checkpoint is not needed, but what it holds need not be read again.
      checkpoints.checkpoint().then(stop, stop);
    });
  });
}

/** A directory for each file. */
function stateDirectoryOf(path: string): string {
  const hash = createHash('sha256').update(path).digest('hex').slice(0, 8);
  return fileURLToPath(new URL(`state/${basename(path)}-${hash}`, import.meta.url));
}

function introduce(path: string, stateDirectory: string): void {
  console.log(`
Reading ${path}
about 1,000 lines a second, each a record. Every second a checkpoint of the whole pipeline goes to
${relative('', stateDirectory)}

Stop it whenever you like: press Ctrl-C, or run kill -9 ${process.pid} in another terminal.
The same command then goes on where it was.
`);
}

function startAnew(stateDirectory: string): string {
  return `To forget its checkpoints and start anew:\nrm -r '${relative('', stateDirectory)}'`;
}

function reportIn(stateDirectory: string): string {
  return join(stateDirectory, 'report.json');
}

function describeReport(stateDirectory: string): string {
  const path = reportIn(stateDirectory);
  if (!existsSync(path)) return 'It is empty.';
  return describeText(JSON.parse(readFileSync(path, 'utf8')) as TextReport);
}
