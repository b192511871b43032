import type { ListedCheckpoint } from 'rxjs-checkpoint/inspect';
import { listCheckpoints } from 'rxjs-checkpoint/inspect';

import { directoryToRead } from '../directory.js';
import { formatBytes, formatPipelines, formatTime } from '../formatting.js';
import { formatTable } from '../formatTable.js';
import type { Output } from '../Output.js';
import { writeJson } from '../writeJson.js';

export async function ls(output: Output, path: string, options: { readonly json?: boolean }): Promise<void> {
  const storage = await directoryToRead(path);
  const checkpoints = await listCheckpoints(storage);
  if (options.json) return writeJson(output, checkpoints);
  if (checkpoints.length === 0) {
    const others = (await storage.list()).length;
    const note =
      others === 0
        ? 'It is empty.'
        : `The ${others} ${others === 1 ? 'file' : 'files'} in it are none of a checkpoint's.`;
    output.say(`No checkpoints in ${path}. ${note}`);
    return;
  }
  const columns = [
    { title: 'ID' },
    { title: 'TIME (UTC)' },
    { title: 'SIZE', align: 'right' as const },
    { title: 'WRITTEN', align: 'right' as const },
    { title: 'OPERATORS', align: 'right' as const },
    { title: 'PIPELINES' },
    { title: checkpoints.some((checkpoint) => noteOn(checkpoint) !== '') ? 'NOTE' : '' },
  ];
  await output.line(
    formatTable(
      columns,
      checkpoints.map((checkpoint) => row(output, checkpoint)),
    ),
  );
}

function row(output: Output, checkpoint: ListedCheckpoint): string[] {
  const { reference, timestamp, sizeBytes, writtenBytes, operatorCount, pipelines, status, neededBy } = checkpoint;
  const note = noteOn(checkpoint);
  const isBad = status === 'damaged' || status === 'newer' || (status === 'incomplete' && neededBy.length === 0);
  return [
    output.style('bold', reference),
    formatTime(timestamp),
    formatBytes(sizeBytes),
    formatBytes(writtenBytes),
    sizeBytes === null ? '?' : String(operatorCount),
    formatPipelines(pipelines),
    isBad ? output.style('red', note) : output.style('dim', note),
  ];
}

function noteOn({ kind, status, problem, id, neededBy }: ListedCheckpoint): string {
  if (status === 'incomplete' && neededBy.length > 0) return 'only kept for what newer ones refer to';
  if (status !== 'intact') return `${status}: ${problem}`;
  return kind === 'savepoint' ? `savepoint of checkpoint ${id}` : '';
}
