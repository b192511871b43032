import type { CheckpointDetails } from 'rxjs-checkpoint/inspect';
import { readCheckpoint } from 'rxjs-checkpoint/inspect';

import { directoryToRead } from '../directory.js';
import { formatBytes, formatPipelines, formatPosition, formatTime, plural } from '../formatting.js';
import { formatTable } from '../formatTable.js';
import type { Output } from '../Output.js';
import { writeJson } from '../writeJson.js';

export async function show(
  output: Output,
  path: string,
  id: string,
  options: { readonly json?: boolean },
): Promise<void> {
  const details = await readCheckpoint(await directoryToRead(path), id);
  if (options.json) return writeJson(output, details);
  await output.line(headOf(output, details));
  if (details.operators.length > 0) await output.line(`\n${operatorsOf(output, details)}`);
  else await output.line('\nIt holds no state: its pipelines have completed.');
  if (details.journals.length > 0) await output.line(`\n${journalsOf(output, details)}`);
}

function headOf(output: Output, details: CheckpointDetails): string {
  const { kind, reference, id, timestamp, status, problem, sizeBytes, writtenBytes, name, refersTo } = details;
  const title = kind === 'savepoint' ? `Savepoint ${reference}, of checkpoint ${id}` : `Checkpoint ${reference}`;
  const own = kind === 'savepoint' ? `all of it in ${name}` : `of which ${formatBytes(writtenBytes)} are in ${name}`;
  const lines = [
    ['taken', `${formatTime(timestamp)}`],
    ['size', `${formatBytes(sizeBytes)}, ${own}`],
    ['pipelines', formatPipelines(details.pipelines)],
  ];
  if (refersTo.length > 0) lines.push(['refers to', refersTo.join(', ')]);
  if (status !== 'intact') lines.push([output.style('red', status), problem!]);
  const table = formatTable(
    [{ title: '' }, { title: '' }],
    lines.map(([key, value]) => [output.style('dim', key!), value!]),
  );
  return `${output.style('bold', title)}\n${table.replace(/^/gm, '  ')}`;
}

function operatorsOf(output: Output, { operators, name: own }: CheckpointDetails): string {
  const hasPositions = operators.some(({ position }) => position !== undefined);
  const hasProblems = operators.some(({ problem }) => problem !== null);
  const columns = [
    { title: 'OPERATOR' },
    { title: 'SIZE', align: 'right' as const },
    { title: 'WRITTEN BY' },
    { title: 'PIPELINES' },
    { title: hasPositions || hasProblems ? 'POSITION' : '' },
  ];
  const rows = operators.map(({ name, sizeBytes, pack, pipelines, position, problem }) => [
    output.style('bold', name),
    formatBytes(sizeBytes),
    pack === own ? 'this one' : `checkpoint ${Number(/\d+$/.exec(pack)?.[0])}`,
    pipelines.join(', '),
    problem === null ? formatPosition(position) : output.style('red', problem),
  ]);
  return formatTable(columns, rows);
}

function journalsOf(output: Output, { journals }: CheckpointDetails): string {
  const columns = [
    { title: 'JOURNAL OF' },
    { title: 'NEXT ENTRY', align: 'right' as const },
    { title: 'STILL TO BE EMITTED' },
  ];
  const rows = journals.map(({ source, position, waiting, problem }) => [
    output.style('bold', source),
    String(position),
    problem === null ? plural(waiting, 'entry', 'entries') : output.style('red', problem),
  ]);
  return formatTable(columns, rows);
}
