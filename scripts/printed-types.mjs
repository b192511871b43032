// Compares what the compiler says of expressions about RxJS with what it says of the same ones about this library, on its
// own streams and on plain ones: the type that it prints, those within, and whether it refuses. The expressions are in
// spec-types/expressions, one a line; besides, every function is given arguments that are odd for most.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}spec-types/expressions/`;
const require = createRequire(import.meta.url);
const read = (file) => readFileSync(file, 'utf8');
const linesOf = (file) =>
  read(folder + file)
    .trimEnd()
    .split('\n');

/** Where it differs on purpose: the expression, a tab, and why. */
const onPurpose = new Set(linesOf('differing.tsv').map((line) => line.split('\t')[0]));

const functionsIn = (entry) =>
  Object.entries(require(entry)).flatMap(([name, value]) =>
    typeof value === 'function' && /^[a-z]/.test(name) ? [name] : [],
  );
const operators = functionsIn('rxjs/operators');
const creation = functionsIn('rxjs').filter((name) => !operators.includes(name));
const joins = ['combineLatest', 'concat', 'merge', 'onErrorResumeNext', 'partition', 'race', 'zip'];
/** A place that expects something decides on what is inferred in it: all that takes a callback stands in each. */
const withCallback = linesOf('operators.txt').filter((line) => /^\w+\$\.pipe\(.*=>/.test(line));
const expressions = [
  ...linesOf('creation.txt'),
  ...linesOf('operators.txt'),
  ...linesOf('programs.txt'),
  ...linesOf('contexts.txt').flatMap((context) => withCallback.map((line) => context.replace('_', () => line))),
  ...linesOf('oddArguments.txt').flatMap((odd) => [
    ...[...creation, ...joins].map((name) => `lib.${name}(${odd})`),
    ...operators.map((name) => `a$.pipe(ops.${name}(${odd}))`),
  ]),
];

const sourcesFile = `${folder}sources.ts`;
const sources = read(sourcesFile);
const names = [...sources.matchAll(/^export (?:declare )?(?:const|(interface)) (\w+\$?)/gm)];
const header = [
  "import * as lib from 'rxjs-checkpoint';",
  "import * as ops from 'rxjs-checkpoint/operators';",
  `import { ${names.map(([, isType, name]) => (isType ? `type ${name}` : name)).join(', ')} } from './sources.js';`,
].join(' ');
const file = `${folder}expressions.ts`;
const text = [header, ...expressions.map((expression) => `(${expression});`)].join('\n');

const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
const ours = ts.parseJsonConfigFileContent(config, ts.sys, root).options;
const rxjs = {
  ...ours,
  paths: { 'rxjs-checkpoint': [require.resolve('rxjs').replace('cjs/index.js', 'types/index.d.ts')] },
};
rxjs.paths['rxjs-checkpoint/operators'] = [rxjs.paths['rxjs-checkpoint'][0].replace('index', 'operators/index')];

/** What the compiler says of each expression. */
function compile(options, sourcesText) {
  const host = ts.createCompilerHost(options);
  const virtual = new Map([
    [file, text],
    [sourcesFile, sourcesText],
  ]);
  const { readFile, fileExists } = host;
  host.fileExists = (name) => virtual.has(name) || fileExists(name);
  host.readFile = (name) => virtual.get(name) ?? readFile(name);
  host.getSourceFile = (name, language) => {
    const found = host.readFile(name);
    return found === undefined ? undefined : ts.createSourceFile(name, found, language);
  };
  const program = ts.createProgram([file], options, host);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const refusals = new Map();
  for (const { start, messageText } of program.getSemanticDiagnostics(source))
    refusals.set(source.getLineAndCharacterOfPosition(start).line, ts.flattenDiagnosticMessageText(messageText, '\n'));
  if (refusals.has(0)) throw new Error(refusals.get(0));

  const print = (node) => ({
    of: node.getText(source),
    type: checker.typeToString(checker.getTypeAtLocation(node), undefined, ts.TypeFormatFlags.NoTruncation),
  });
  return source.statements.slice(-expressions.length).map((statement, i) => {
    const within = [];
    const visit = (node) => {
      if (ts.isCallExpression(node) || ts.isParameter(node)) within.push(print(node));
      ts.forEachChild(node, visit);
    };
    visit(statement);
    return { refusal: refusals.get(i + 1), types: [print(statement.expression), ...within] };
  });
}

/** What ours means to print in place of RxJS's: `unknown` for `any`, and an operator for what multicasts. */
const alike = (type) =>
  type
    .replace(/\bany\b/g, 'unknown')
    .replace(/\bUnaryFunction<Observable<(.*)>, Observable<(.*)>>$/, 'OperatorFunction<$1, $2>')
    .replace(/\bUnaryFunction<Observable<(.*)>, ConnectableObservable<\1>>$/, 'MonoTypeOperatorFunction<$1>')
    .replace(/\bMulticastOperator<(.*)>$/, 'MonoTypeOperatorFunction<$1>')
    .replace(/\bObservable<(.*)> & ConnectableObservable<\1>/, 'ConnectableObservable<$1>')
    .replace(/import\("[^"]*"\)\./g, '');

function difference(theirs, mine) {
  if (theirs.refusal !== undefined && mine.refusal !== undefined) return null;
  if (theirs.refusal !== undefined) return ['refused', theirs.refusal, 'taken'];
  if (mine.refusal !== undefined) return ['refused', 'taken', mine.refusal];
  const at = theirs.types.findIndex(({ type }, i) => alike(type) !== alike(mine.types[i].type));
  return at === -1 ? null : [theirs.types[at].of, theirs.types[at].type, mine.types[at].type];
}

const plain = sources.replace("from 'rxjs-checkpoint'", "from 'rxjs'");
const theirs = compile(rxjs, plain);
const unused = new Set(onPurpose);
let problems = 0;
for (const [streams, sourcesText] of Object.entries({ checkpointed: sources, plain })) {
  const mine = compile(ours, sourcesText);
  expressions.forEach((expression, i) => {
    const found = difference(theirs[i], mine[i]);
    if (found === null) return;
    if (onPurpose.has(expression)) return unused.delete(expression);
    problems++;
    const [what, rxjsSays, weSay] = found;
    console.log(`${expression}    on ${streams} streams: ${what}\n  rxjs: ${rxjsSays}\n  ours: ${weSay}`);
  });
}
for (const expression of unused) console.log(`${expression} does not differ any more`);
const refused = theirs.filter(({ refusal }) => refusal !== undefined).length;
console.log(
  `${expressions.length} expressions, of which RxJS refuses ${refused}: ours print the same and refuse the same, ` +
    `but for ${onPurpose.size} on purpose.`,
);
if (problems + unused.size > 0) {
  console.log("Give the function RxJS's types; or, if it is meant, say so in spec-types/expressions/differing.tsv.");
  process.exitCode = 1;
}
