import type { StrikeReport } from './birdstrikes.js';
import type { Kill } from './crashTest.js';
import { differences } from './differences.js';
import { count, dollars } from './format.js';
import { table } from './table.js';

export function stateTable({ byState }: StrikeReport): string {
  const states = Object.entries(byState).sort(([, a], [, b]) => b.strikes - a.strikes);
  return table(
    ['state', 'strikes', 'with damage', 'cost'],
    states
      .slice(0, 8)
      .map(([state, { strikes, damaging, cost }]) => [state, count(strikes), count(damaging), dollars(cost)]),
  );
}

export function killTable(kills: readonly Kill[]): string {
  const restored = 'in the\ncheckpoint';
  return table(
    ['kill', 'records\nread', restored, 'read\nagain', 'records\nhandled', restored, 'handled\nagain'],
    kills.map(({ lastRead, restoredRead, lastHandled, restoredHandled }, i) => {
      const read = [lastRead, restoredRead, lastRead - restoredRead];
      const handled = [lastHandled, restoredHandled, lastHandled - restoredHandled];
      return [i + 1, ...[...read, ...handled].map(count)];
    }),
  );
}

/** One row for each part of the report. */
export function comparisonTable(restarted: StrikeReport, uninterrupted: StrikeReport): string {
  return table(
    ['part of the result', 'fields', 'killed and resumed', 'left alone'],
    (Object.keys(summaries) as (keyof StrikeReport)[]).map((part) => {
      const { fields, paths } = differences(restarted[part], uninterrupted[part]);
      const other =
        paths.length === 0 ? 'equal' : `DIFFERS: ${summaries[part](uninterrupted)} (${paths.slice(0, 3).join(', ')})`;
      return [part, fields, summaries[part](restarted), other];
    }),
  );
}

const summaries: { readonly [Part in keyof StrikeReport]: (report: StrikeReport) => string } = {
  total: ({ total }) => `${count(total.strikes)} strikes, ${dollars(total.cost)}`,
  checksum: ({ checksum }) => hex(checksum),
  byState: ({ byState }) => `${Object.keys(byState).length} states`,
  bySpecies: ({ bySpecies }) => `${Object.keys(bySpecies).length} species`,
  dearest: ({ dearest }) => `${dearest.from} to ${dearest.to}: ${dollars(dearest.cost)}`,
  longestQuiet: ({ longestQuiet }) => `${longestQuiet.days} days, from ${longestQuiet.from}`,
  inquiries: ({ inquiries }) => `${count(inquiries.count)}, ${hex(inquiries.checksum)}`,
  inBatches: ({ inBatches }) => `${count(inBatches.strikes)} strikes, ${dollars(inBatches.cost)}`,
};

function hex(checksum: number): string {
  return (checksum >>> 0).toString(16).padStart(8, '0');
}
