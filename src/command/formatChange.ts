import type { ValueChange } from 'rxjs-checkpoint/inspect';

import { formatValue } from './formatting.js';
import type { Output } from './Output.js';

export function formatChange(output: Output, { path, change, before, after }: ValueChange): string {
  const [old, young] = [before, after].map((value) => (value === undefined ? '' : formatValue(value)));
  if (change === 'added') return `${output.style('green', `+ ${path}`)}  ${young}`;
  if (change === 'removed') return `${output.style('red', `- ${path}`)}  ${old}`;
  return `  ${path}  ${old} -> ${young}`;
}
