import type { Damage, Orphan, StorageReport } from 'rxjs-checkpoint/inspect';
import { verifyStorage } from 'rxjs-checkpoint/inspect';

import { directoryToRead } from '../directory.js';
import { formatBytes, plural } from '../formatting.js';
import { formatTable } from '../formatTable.js';
import type { Output } from '../Output.js';
import { writeJson } from '../writeJson.js';

/** @returns whether there is no damage. */
export async function verify(
  output: Output,
  path: string,
  options: { readonly json?: boolean; readonly retained?: number },
): Promise<boolean> {
  const { retained } = options;
  const report = await verifyStorage(await directoryToRead(path), retained === undefined ? {} : { retained });
  if (options.json) await writeJson(output, report);
  else await write(output, report);
  return report.isIntact;
}

async function write(output: Output, report: StorageReport): Promise<void> {
  const { checkpoints, damages, orphans, restoresFrom, isIntact, snapshotCount, segmentCount, checkedBytes } = report;
  const savepoints = checkpoints.filter(({ kind }) => kind === 'savepoint').length;
  const parts = [plural(checkpoints.length - savepoints, 'checkpoint'), plural(savepoints, 'savepoint')];
  const read = `${plural(snapshotCount, 'snapshot')} and ${plural(segmentCount, 'journal segment')}, ${formatBytes(checkedBytes)}`;
  await output.line(`Checked ${parts.join(' and ')}: ${read}.`);
  if (damages.length > 0)
    await output.line(
      `\n${formatTable(
        [{ title: '' }, { title: '' }],
        damages.map((damage) => damageRow(output, damage)),
      )}`,
    );
  if (orphans.length > 0) await output.line(`\n${orphanLines(output, orphans)}`);
  await output.line();
  if (isIntact) await output.line(output.style('green', 'No damage.'));
  else await output.line(output.style('red', `${plural(damages.length, 'damage')} found.`));
  if (restoresFrom !== null)
    await output.line(`A restart begins with checkpoint ${restoresFrom}, the newest intact one.`);
  else if (checkpoints.length === savepoints)
    await output.line('There is no checkpoint: a restart begins from nothing.');
  else if (checkpoints.some(({ status }) => status === 'newer'))
    await output.line('A job would refuse to start: a newer rxjs-checkpoint has written here. Use that one.');
  else
    await output.line('A job would refuse to start, since no checkpoint is intact. Restore the files from a backup.');
}

function damageRow(output: Output, { name, problem, operators }: Damage): string[] {
  const whose =
    operators.length === 0 ? '' : ` (${operators.slice(0, 5).join(', ')}${operators.length > 5 ? ', …' : ''})`;
  return [`${output.style('red', 'damaged')}  ${name}`, problem + whose];
}

const SHOWN = 10;

export function orphanLines(output: Output, orphans: readonly Orphan[]): string {
  const rows = orphans
    .slice(0, SHOWN)
    .map(({ name, sizeBytes, reason }) => [
      `${output.style('yellow', 'orphan')}   ${name}`,
      formatBytes(sizeBytes),
      reason,
    ]);
  const table = formatTable([{ title: '' }, { title: '', align: 'right' }, { title: '' }], rows);
  const more = orphans.length - SHOWN;
  return more > 0 ? `${table}\n         and ${plural(more, 'more orphan')}; --json lists all` : table;
}
