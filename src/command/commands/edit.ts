import type { CheckpointStorage } from 'rxjs-checkpoint';
import type { Readable } from 'rxjs-checkpoint/inspect';
import { editSnapshot, readSnapshot } from 'rxjs-checkpoint/inspect';

import { directoryToChange, directoryToRead } from '../directory.js';
import { editText } from '../editText.js';
import { formatChange } from '../formatChange.js';
import type { Output } from '../Output.js';
import { plural } from '../formatting.js';
import { readInput } from '../readInput.js';
import { UsageError } from '../UsageError.js';
import { jsonPieces, writeJson } from '../writeJson.js';
import { writeSavepoint } from '../writeSavepoint.js';

interface EditOptions {
  readonly json?: boolean;
  readonly as: string;
  readonly from?: string;
}

export async function edit(output: Output, path: string, id: string, uid: string, options: EditOptions): Promise<void> {
  const { from } = options;
  const storage = await directoryToChange(path);
  if (from !== undefined) {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readInput(from));
    return apply(output, storage, { id, uid, options, document: parse(text, from === '-' ? 'standard input' : from) });
  }
  if (!process.stdin.isTTY)
    throw new UsageError(
      "Without a terminal there is no editor: give the edited text with --from FILE. 'cat' writes what to edit.",
    );
  const before = [...jsonPieces(await readSnapshot(await directoryToRead(path), id, uid))].join('');
  const edited = await editText(`${before}\n`, `${uid.replace(/[^\w.-]/g, '_')}.json`);
  if (edited.text.trim() === before) {
    await edited.remove();
    output.say('Nothing was changed, so no savepoint was written.');
    return;
  }
  try {
    await apply(output, storage, { id, uid, options, document: parse(edited.text, 'What you wrote') });
  } catch (error) {
    output.say(`Your text is kept in ${edited.path}. Correct it, and give it with --from ${edited.path}`);
    throw error;
  }
  await edited.remove();
}

async function apply(
  output: Output,
  storage: CheckpointStorage,
  edit: { id: string; uid: string; options: EditOptions; document: Readable },
): Promise<void> {
  const { id, uid, options, document } = edit;
  const result = await editSnapshot(storage, id, { operator: uid, snapshot: document, savepoint: options.as });
  if (options.json) return writeJson(output, result);
  const { changes, count } = result.diff;
  for (const change of changes.slice(0, 20)) await output.line(`  ${formatChange(output, change)}`);
  if (count > 20) await output.line(`  and ${plural(count - 20, 'more change')}`);
  if (count === 0) await output.line('  The state is the same as before.');
  await writeSavepoint(output, result.savepoint);
}

function parse(text: string, what: string): Readable {
  try {
    return JSON.parse(text) as Readable;
  } catch (cause) {
    throw new Error(`${what} is no JSON: ${(cause as Error).message}.`, { cause });
  }
}
