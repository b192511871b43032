import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface EditedText {
  readonly text: string;
  /** Of the file that was edited, which stays until it is removed. */
  readonly path: string;
  remove(): Promise<void>;
}

/** Opens a text in the user's editor, in a file that only the user can read. */
export async function editText(text: string, fileName: string): Promise<EditedText> {
  const path = join(await mkdtemp(join(tmpdir(), 'rxjs-checkpoint-')), fileName);
  await writeFile(path, text, { mode: 0o600 });
  const editor = process.env.VISUAL ?? process.env.EDITOR ?? (process.platform === 'win32' ? 'notepad' : 'vi');
  // Editors are often given with options ("code --wait"), which a shell takes apart.
  const child = spawn(`${editor} "${path}"`, { shell: true, stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number | null];
  const remove = (): Promise<void> => rm(dirname(path), { recursive: true, force: true });
  if (code !== 0) {
    await remove();
    throw new Error(
      `The editor (${editor}) ended with ${code === null ? 'a signal' : `code ${code}`}, so nothing was changed. Set EDITOR to another one.`,
    );
  }
  return { text: await readFile(path, 'utf8'), path, remove };
}
