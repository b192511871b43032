// Writes docs/operators.md from the doc comments of all operators and creation functions; `--check` compares only.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = `${root}docs/operators.md`;

/** Who belongs where, in the order of the page. */
const families = {
  Sources:
    'animationFrames bindCallback bindNodeCallback defer empty EMPTY from fromArray fromEvent fromEventPattern fromObservable fromRemote generate iif interval journaled never NEVER of pairs range scheduled throwError timer using',
  'Values, one by one':
    'distinct distinctUntilChanged distinctUntilKeyChanged filter ignoreElements map mapTo pairwise pluck scan skip skipLast skipWhile startWith endWith tap take takeLast takeWhile timeInterval timestamp materialize dematerialize',
  'Looking at all of them':
    'count defaultIfEmpty elementAt every find findIndex first isEmpty last max min reduce sequenceEqual single throwIfEmpty toArray',
  Time: 'audit auditTime debounce debounceTime delay delayWhen observeOn sample sampleTime subscribeOn throttle throttleTime timeout timeoutWith',
  'Several inputs':
    'combineAll combineLatest combineLatestAll combineLatestWith concat concatWith forkJoin merge mergeWith onErrorResumeNext onErrorResumeNextWith partition race raceWith skipUntil takeUntil withLatestFrom zip zipAll zipWith',
  'Inner Observables':
    'concatAll concatMap concatMapTo exhaust exhaustAll exhaustMap expand flatMap mergeAll mergeMap mergeMapTo mergeScan switchAll switchMap switchMapTo switchScan',
  'Buffers, windows, groups':
    'buffer bufferCount bufferTime bufferToggle bufferWhen groupBy window windowCount windowTime windowToggle windowWhen',
  'Errors and repetition': 'catchError finalize repeat repeatWhen retry retryWhen',
  Sharing: 'connect connectable multicast publish publishBehavior publishLast publishReplay refCount share shareReplay',
  'Of this library': 'operate pipe recordMeter transparent uid',
};

const program = ts.createProgram([`${root}src/index.ts`], {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  strict: true,
  skipLibCheck: true,
});
const checker = program.getTypeChecker();
const problems = [];

/** The doc comments of what is exported from `src/operators` and `src/sources`, by name. */
function documented() {
  const found = new Map();
  const entry = checker.getSymbolAtLocation(program.getSourceFile(`${root}src/index.ts`));
  for (const exported of checker.getExportsOfModule(entry)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const file = symbol.declarations?.[0]?.getSourceFile().fileName ?? '';
    const isOurs = /\/src\/(operators|sources)\/(?!base\/)/.test(file);
    if (isOurs && symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Variable))
      found.set(exported.name, read(exported.name, symbol, file));
  }
  return found;
}

function read(name, symbol, file) {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\r/g, '');
  const marble = /```text\n(.*?)```/s.exec(text)?.[1].trimEnd() ?? null;
  const paragraphs = text.replace(/```.*?```/gs, '').split(/\n\s*\n/).map((paragraph) => paragraph.trim().replace(/\s+/g, ' ')); // prettier-ignore
  const checkpoint = paragraphs.find((paragraph) => paragraph.startsWith('**Checkpoint:**'));
  // Of some only certain overloads are deprecated, which have no text of their own.
  const isDeprecated = symbol.declarations.every((declaration) => ts.getJSDocDeprecatedTag(declaration) !== undefined || declaration.body !== undefined) && ts.getJSDocDeprecatedTag(symbol.declarations[0]) !== undefined; // prettier-ignore
  const place = `${file.slice(root.length)}: ${name}`;
  if (!paragraphs[0]) problems.push(`${place} has no doc comment`);
  if (checkpoint === undefined) problems.push(`${place} has no paragraph **Checkpoint:**`);
  const [state, restore] = split(checkpoint?.slice('**Checkpoint:**'.length).trim() ?? '');
  // The page must not say of one that nothing is repeated if its comment does not say so.
  if (checkpoint !== undefined && restore === '' && !/^(nothing|none)\b/i.test(state))
    problems.push(`${place} does not say what a restore does`);
  if (marble !== null && !marble.includes('%') && !/^none\b/i.test(state))
    problems.push(`${place} has no barrier % in its marble`);
  if (!isDeprecated && !symbol.getJsDocTags(checker).some((tag) => tag.name === 'example'))
    problems.push(`${place} has no @example`);
  return { name, summary: paragraphs[0] ?? '', state, restore, marble, isDeprecated };
}

/** What is in the snapshot, and what a restore does: from the first sentence on that speaks of one. */
function split(text) {
  const sentences = text.split(/(?<=\.) (?=[A-Z])/);
  const speaksOfIt = (sentence, i) => i > 0 && /\brestore|subscribed again/i.test(sentence);
  const at = sentences.findIndex(speaksOfIt);
  return at < 0 ? [text, ''] : [sentences.slice(0, at).join(' '), sentences.slice(at).join(' ')];
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const cell = (text) => capital(text).replaceAll('|', '\\|');

function render(all) {
  const lines = [
    '# All operators and functions',
    '',
    '<!-- Written by `npm run docs:operators` from the doc comments. Change those. -->',
    '',
    'Everything behaves as in RxJS 7.8, on plain Observables as well as in a job. This page says what it adds: what of each',
    'is in a checkpoint, and what a restore does with that; a dash means that there is nothing to restore. A restore that',
    'repeats nothing does not emit again what the checkpoint covers, and runs no callback for it. What comes after the',
    'checkpoint comes again, as [guarantees.md](guarantees.md) explains. A plain Observable that is skipped by what it had',
    'emitted is not if it is a Subject or BehaviorSubject, or was piped from one: what comes of these is new. For operators',
    'of your own there is [`operate`](operators-of-your-own.md). In the marbles `%` is the barrier: what stands before it is',
    'in the checkpoint.',
    '',
    'Where it differs from RxJS otherwise, the doc comment says so. Where a pipeline starts in a job, a shared source starts when all branches that stand in',
    'the pipeline are there. So none misses what it emits at once, and each value reaches all of them before the next one',
    'comes ([decision 0296](decisions/0296-shared-parts-at-the-start.md)).',
    '',
  ];
  for (const [family, names] of Object.entries(families)) {
    lines.push(`## ${family}`, '', '| | what it does | in a checkpoint | a restore |', '| --- | --- | --- | --- |');
    const members = names.split(' ').flatMap((name) => all.get(name) ?? []);
    for (const { name, summary, state, restore, isDeprecated } of members)
      lines.push(`| \`${name}\`${isDeprecated ? ' (deprecated)' : ''} | ${cell(summary)} | ${cell(state)} | ${cell(restore) || '–'} |`); // prettier-ignore
    lines.push('');
    for (const { name, marble } of members) if (marble !== null) lines.push(`**${name}**`, '', '```text', marble, '```', ''); // prettier-ignore
  }
  return lines.join('\n');
}

/** Sources, aliases, and what does nothing by itself. */
const marblesNotNeeded = new Set([
  ...families.Sources.split(' '),
  ...['combineAll', 'exhaust', 'flatMap', 'pipe', 'uid', 'partition'],
]);
const all = documented();
const placed = new Set(Object.values(families).flatMap((names) => names.split(' ')));
for (const name of all.keys()) if (!placed.has(name)) problems.push(`${name} belongs to no family: put it into scripts/operators-doc.mjs`); // prettier-ignore
for (const { name, marble } of all.values())
  if (marble === null && !marblesNotNeeded.has(name)) problems.push(`${name} has no text marble in its doc comment`);
for (const name of placed) if (!all.has(name)) problems.push(`${name} is in a family of scripts/operators-doc.mjs, and is not exported`); // prettier-ignore
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
const text = await prettier.format(render(all), { ...(await prettier.resolveConfig(page)), parser: 'markdown' });
if (!process.argv.includes('--check')) writeFileSync(page, text);
else if (readFileSync(page, 'utf8') !== text) {
  console.error('docs/operators.md is not what the doc comments say: run `npm run docs:operators`.');
  process.exit(1);
}
