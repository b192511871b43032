import type { Readable } from 'rxjs-checkpoint/inspect';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** E.g. `512 B`, `1.2 kB`, `34 MB`: multiples of 1,000. */
export function formatBytes(sizeBytes: number | null): string {
  if (sizeBytes === null) return '?';
  let unit = 0;
  let size = sizeBytes;
  // Not 1000 kB, which rounding would make of 999.6.
  for (; size >= (unit === 0 ? 1000 : 999.5) && unit < UNITS.length - 1; unit++) size /= 1000;
  return `${unit > 0 && size < 9.95 ? size.toFixed(1) : size.toFixed(0)} ${UNITS[unit]}`;
}

/** In UTC, to the second. */
export function formatTime(timestamp: number | null): string {
  const date = new Date(timestamp ?? NaN);
  return Number.isNaN(date.getTime())
    ? '?'
    : date
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z$/, 'Z');
}

export function formatPipelines(pipelines: Readonly<Record<string, string>>): string {
  const names = Object.keys(pipelines).sort();
  return names.length === 0
    ? '-'
    : names.map((name) => (pipelines[name] === 'running' ? name : `${name} (${pipelines[name]})`)).join(', ');
}

export function plural(count: number, one: string, many: string = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** A value on one line, cut off where it gets long. */
export function formatValue(value: Readable, limit: number = 60): string {
  const text = JSON.stringify(value);
  if (text.length <= limit) return text;
  return `${text.slice(0, limit).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Where a source resumes. */
export function formatPosition(position: Readable | undefined): string {
  if (position === undefined) return '';
  const { offset, recordsAfterOffset } = position as Readonly<Record<string, Readable>>;
  if (typeof offset !== 'number' || typeof recordsAfterOffset !== 'number') return formatValue(position);
  if (offset < 0) return `${plural(recordsAfterOffset, 'record')} to skip`;
  return `offset ${offset}` + (recordsAfterOffset > 0 ? `, ${plural(recordsAfterOffset, 'record')} to skip` : '');
}
