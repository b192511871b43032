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
    const note = (await storage.list()).length === 0 ? 'It is empty.' : 'It has other files.';
    output.say(`No checkpoints in ${path}. ${note}`);
    return;
  }
  const intact = new Set(checkpoints.filter(({ status }) => status === 'intact').map(({ name }) => name));
  const notes = checkpoints.map((checkpoint) => noteOn(output, checkpoint, intact));
  const columns = [
    { title: 'ID' },
    { title: 'TIME (UTC)' },
    { title: 'SIZE', align: 'right' as const },
    { title: 'WRITTEN', align: 'right' as const },
    { title: 'OPERATORS', align: 'right' as const },
    { title: 'PIPELINES' },
    { title: notes.some((note) => note !== '') ? 'NOTE' : '' },
  ];
  const rows = checkpoints.map((checkpoint, i) => [...row(output, checkpoint), notes[i]!]);
  await output.line(formatTable(columns, rows));
}

function row(output: Output, checkpoint: ListedCheckpoint): string[] {
  const { reference, timestamp, sizeBytes, writtenBytes, operatorCount, pipelines } = checkpoint;
  return [
    output.style('bold', reference),
    formatTime(timestamp),
    formatBytes(sizeBytes),
    formatBytes(writtenBytes),
    sizeBytes === null ? '?' : String(operatorCount),
    formatPipelines(pipelines),
  ];
}

function noteOn(output: Output, checkpoint: ListedCheckpoint, intact: ReadonlySet<string>): string {
  const { kind, status, problem, id, neededBy } = checkpoint;
  if (status === 'incomplete' && neededBy.some((name) => intact.has(name)))
    return output.style('dim', 'only kept for what newer ones refer to');
  if (status !== 'intact') return output.style('red', `${status}: ${problem}`);
  return kind === 'savepoint' ? output.style('dim', `savepoint of checkpoint ${id}`) : '';
}
