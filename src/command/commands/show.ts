import type { CheckpointDetails, OperatorSummary } from 'rxjs-checkpoint/inspect';
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
  options: { readonly json?: boolean; readonly all?: boolean },
): Promise<void> {
  const details = await readCheckpoint(await directoryToRead(path), id);
  if (options.json) return writeJson(output, details);
  await output.line(headOf(output, details));
  if (details.operators.length > 0) await output.line(`\n${operatorsOf(output, details, options.all ?? false)}`);
  else await output.line('\nIt holds no state: its pipelines have completed.');
  if (details.journals.length > 0) await output.line(`\n${journalsOf(output, details)}`);
}

function headOf(output: Output, details: CheckpointDetails): string {
  const { kind, reference, id, timestamp, status, problem, sizeBytes, writtenBytes, name, refersTo } = details;
  const title = kind === 'savepoint' ? `Savepoint ${reference}, of checkpoint ${id}` : `Checkpoint ${reference}`;
  const lines = [
    ['taken', `${formatTime(timestamp)}`],
    // What is written has the manifest too, and not what older ones have.
    ['size', `${formatBytes(sizeBytes)} of state; ${name} has ${formatBytes(writtenBytes)}`],
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

function operatorsOf(output: Output, { operators, name: own }: CheckpointDetails, isEach: boolean): string {
  const hasMore = operators.some(({ position, problem }) => position !== undefined || problem !== null);
  const columns = [
    { title: 'OPERATOR' },
    { title: 'SIZE', align: 'right' as const },
    { title: 'WRITTEN BY' },
    { title: 'PIPELINES' },
    { title: hasMore ? 'POSITION' : '' },
  ];
  const families = isEach ? operators.map((operator) => [operator]) : familiesOf(operators);
  const rows = families.map(([operator, ...others]) => {
    const { name, sizeBytes, pack, pipelines, position, problem } = operator!;
    if (others.length > 0) return familyRow(output, [operator!, ...others]);
    return [
      output.style('bold', name),
      formatBytes(sizeBytes),
      pack === own ? 'this one' : `checkpoint ${Number(/\d+$/.exec(pack)?.[0])}`,
      pipelines.join(', '),
      problem === null ? formatPosition(position) : output.style('red', problem),
    ];
  });
  return formatTable(columns, rows);
}

/** So many inner pipelines are listed one by one. */
const MANY = 10;

/** The operators, those of many inner pipelines together, in order. */
function familiesOf(operators: readonly OperatorSummary[]): OperatorSummary[][] {
  const families = new Map<string, OperatorSummary[]>();
  for (const operator of operators) {
    const pattern = operator.problem === null ? patternOf(operator.name) : operator.name;
    const family = families.get(pattern);
    if (family === undefined) families.set(pattern, [operator]);
    else family.push(operator);
  }
  return [...families.values()].flatMap((family) => (family.length > MANY ? [family] : family.map((one) => [one])));
}

function patternOf(name: string): string {
  return name.replace(/\[[^\]]*\]/g, '[*]');
}

function familyRow(output: Output, family: readonly OperatorSummary[]): string[] {
  const { name, pipelines } = family[0]!;
  const sizeBytes = family.reduce((sum, operator) => sum + operator.sizeBytes, 0);
  const count = `${family.length.toLocaleString('en')} of them`;
  return [
    output.style('bold', patternOf(name)),
    formatBytes(sizeBytes),
    output.style('dim', count),
    pipelines.join(', '),
    '',
  ];
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
