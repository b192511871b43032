import type { CheckpointDiff, OperatorDiff } from 'rxjs-checkpoint/inspect';
import { diffCheckpoints } from 'rxjs-checkpoint/inspect';

import { directoryToRead } from '../directory.js';
import { formatBytes, plural } from '../formatting.js';
import { formatChange } from '../formatChange.js';
import type { Output } from '../Output.js';
import { writeJson } from '../writeJson.js';

export async function diff(
  output: Output,
  path: string,
  id1: string,
  id2: string,
  options: { readonly json?: boolean; readonly limit: number },
): Promise<void> {
  const { limit } = options;
  const result = await diffCheckpoints(await directoryToRead(path), id1, id2, { limit });
  if (options.json) return writeJson(output, result);
  await output.line(output.style('bold', `${result.before} -> ${result.after}`));
  for (const line of pipelineLines(result)) await output.line(line);
  let same = 0;
  for (const operator of result.operators) {
    if (operator.change === 'same' || operator.change === 'equal') same++;
    else await output.line(operatorLines(output, operator));
  }
  await output.line(output.style('dim', `  ${plural(same, 'operator')} without a change`));
}

function pipelineLines({ pipelines }: CheckpointDiff): string[] {
  return Object.entries(pipelines).map(
    ([name, [before, after]]) => `  pipeline ${name}: ${before ?? 'not there'} -> ${after ?? 'not there'}`,
  );
}

function operatorLines(output: Output, operator: OperatorDiff): string {
  const { name, change, sizeBytesBefore, sizeBytesAfter, changes, changeCount } = operator;
  if (change === 'added') return `${output.style('green', `+ ${name}`)}  ${formatBytes(sizeBytesAfter)}`;
  if (change === 'removed') return `${output.style('red', `- ${name}`)}  ${formatBytes(sizeBytesBefore)}`;
  const size =
    sizeBytesBefore === sizeBytesAfter
      ? formatBytes(sizeBytesAfter)
      : `${formatBytes(sizeBytesBefore)} -> ${formatBytes(sizeBytesAfter)}`;
  const lines = [
    `${output.style('yellow', `~ ${name}`)}  ${size}`,
    ...changes.map((one) => `    ${formatChange(output, one)}`),
  ];
  const more = changeCount - changes.length;
  if (more > 0) lines.push(output.style('dim', `    and ${plural(more, 'more change')}; --limit shows more`));
  return lines.join('\n');
}
