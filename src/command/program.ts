import { Command, InvalidArgumentError } from 'commander';

import { cat } from './commands/cat.js';
import { diff } from './commands/diff.js';
import { edit } from './commands/edit.js';
import { exportTo } from './commands/exportTo.js';
import { gc } from './commands/gc.js';
import { importFrom } from './commands/importFrom.js';
import { ls } from './commands/ls.js';
import { rename } from './commands/rename.js';
import { rm } from './commands/rm.js';
import { show } from './commands/show.js';
import { verify } from './commands/verify.js';
import type { Output } from './Output.js';

const DIR = 'the directory that fileStorage() was given';
const ID = "a checkpoint's id, `latest`, or the name of a savepoint";
const UID = 'the uid of an operator, or its structural name, as `show` lists it';
const JSON_OPTION = ['--json', 'print what the function of rxjs-checkpoint/inspect gives, as JSON'] as const;
const AS_OPTION = ['--as <name>', 'the name of the new savepoint: a-z, 0-9, - and .'] as const;

interface Options {
  readonly json?: boolean;
  readonly all?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly retained?: number;
}

/** The commands and their help. */
export function createProgram(output: Output, version: string): Command {
  const program = new Command('rxjs-checkpoint')
    .description('Looks at the checkpoints that a job of rxjs-checkpoint has stored, and repairs them.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .showSuggestionAfterError()
    .showHelpAfterError('Call it with --help to see how it is used.')
    .addHelpText('after', FOOTER);

  const command = (usage: string, summary: string, example: string): Command => {
    const added = program.command(usage).description(summary).summary(summary.split('.')[0]!);
    return added.addHelpText('after', `\nExample:\n  $ npx rxjs-checkpoint ${example}\n`);
  };

  command('ls', 'List the checkpoints and savepoints. The newest comes first.', 'ls ./state')
    .argument('<dir>', DIR)
    .option(...JSON_OPTION)
    .action((dir: string, options: Options) => ls(output, dir, options));

  command(
    'show',
    'Show one checkpoint. Its operators with their sizes, and where its sources resume.',
    'show ./state latest',
  )
    .argument('<dir>', DIR)
    .argument('<id>', ID)
    .option('--all', 'list the operators of many inner pipelines one by one')
    .option(...JSON_OPTION)
    .action((dir: string, id: string, options: Options) => show(output, dir, id, options));

  command(
    'cat',
    'Print the state of an operator as JSON. Values that JSON lacks are written {"$map": …} and so on.',
    'cat ./state latest total-delay',
  )
    .argument('<dir>', DIR)
    .argument('<id>', ID)
    .argument('<uid>', UID)
    .option('--json', 'does nothing: it is JSON anyway')
    .action((dir: string, id: string, uid: string) => cat(output, dir, id, uid));

  command(
    'diff',
    'Compare two checkpoints. Operators that were added, removed or changed, and where their states differ.',
    'diff ./state 41 42',
  )
    .argument('<dir>', DIR)
    .argument('<id1>', `the older one: ${ID}`)
    .argument('<id2>', 'the newer one')
    .option('--limit <n>', 'how many differences of each operator to show', wholeNumber, 20)
    .option(...JSON_OPTION)
    .action((dir: string, id1: string, id2: string, options: { limit: number }) =>
      diff(output, dir, id1, id2, options),
    );

  command(
    'verify',
    'Check every stored byte. Checksums, references, journals; exits with 1 if there is damage, with 0 if there are orphans only.',
    'verify ./state',
  )
    .argument('<dir>', DIR)
    .option('--retained <n>', 'how many checkpoints the job keeps: older ones are orphans', wholeNumber)
    .option(...JSON_OPTION)
    .action(async (dir: string, options: Options) => {
      if (!(await verify(output, dir, options))) process.exitCode = 1;
    });

  command(
    'rename',
    'Give an operator another uid. Writes a new savepoint, and what is named after the operator gets its name, too.',
    'rename ./state latest total total-delay --as renamed',
  )
    .argument('<dir>', DIR)
    .argument('<id>', ID)
    .argument('<from>', UID)
    .argument('<to>', 'its new uid')
    .requiredOption(...AS_OPTION)
    .option(...JSON_OPTION)
    .action((dir: string, id: string, from: string, to: string, options: { as: string }) =>
      rename(output, dir, id, from, to, options),
    );

  command(
    'edit',
    'Edit the state of an operator. Opens it as JSON in $EDITOR, checks it, and writes a new savepoint.',
    'edit ./state latest total-delay --as repaired',
  )
    .argument('<dir>', DIR)
    .argument('<id>', ID)
    .argument('<uid>', UID)
    .requiredOption(...AS_OPTION)
    .option('--from <file>', 'take the edited JSON of a file, `-` for standard input, and open no editor')
    .option(...JSON_OPTION)
    .action((dir: string, id: string, uid: string, options: { as: string }) => edit(output, dir, id, uid, options));

  command(
    'export',
    'Write a checkpoint into one file. It holds all that a restore needs, to import it elsewhere.',
    'export ./state latest before-deploy.savepoint',
  )
    .argument('<dir>', DIR)
    .argument('<id>', ID)
    .argument('<file>', 'the file to write, `-` for standard output')
    .option('--force', 'overwrite the file if it is there')
    .option('--json', 'print which file was written, and its size in bytes, as JSON')
    .action((dir: string, id: string, file: string, options: Options) => exportTo(output, dir, id, file, options));

  command(
    'import',
    'Add an exported file as a savepoint. It is checked first; the directory is created if need be.',
    'import ./state before-deploy.savepoint --as before-deploy',
  )
    .argument('<dir>', DIR)
    .argument('<file>', 'what `export` wrote, `-` for standard input')
    .requiredOption(...AS_OPTION)
    .option(...JSON_OPTION)
    .action((dir: string, file: string, options: { as: string }) => importFrom(output, dir, file, options));

  command(
    'rm',
    'Remove a checkpoint or savepoint. One that others refer to stays, and the newest without --force.',
    'rm ./state before-deploy',
  )
    .argument('<dir>', DIR)
    .argument('<id>', ID)
    .option('--force', 'remove it even if it is the newest checkpoint')
    .option(...JSON_OPTION)
    .action((dir: string, id: string, options: Options) => rm(output, dir, id, options));

  command(
    'gc',
    'Remove what nobody needs. What killed processes left behind, and with --retained old checkpoints.',
    'gc ./state --dry-run',
  )
    .argument('<dir>', DIR)
    .option('--dry-run', 'only tell what would be removed')
    .option('--retained <n>', 'how many checkpoints to keep; all intact ones by default', wholeNumber)
    .option(...JSON_OPTION)
    .action((dir: string, options: Options) => gc(output, dir, options));

  return program;
}

const FOOTER = `
ls, show, cat, diff, verify, export and gc --dry-run only look, and work beside a running job. The others need the
job to be stopped.

Exit codes: 0 done, 1 failed (verify: damage found), 2 wrong usage.

Example:
  $ npx rxjs-checkpoint ls ./state
`;

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It has to be a whole number from 1 on.');
}
