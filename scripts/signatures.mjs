// Compares the parameters of every function that RxJS exports, overload by overload, with those of ours; what differs on
// purpose is in spec-types/parametersThatDiffer.json, with the reason. `--update` rewrites it and keeps the reasons.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const goldenFile = `${root}spec-types/parametersThatDiffer.json`;
/** It imports all entries, each as a namespace: RxJS's as `rx…`, ours as `ours…`. */
const file = `${root}spec-types/everyName.ts`;

const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
const program = ts.createProgram([file], ts.parseJsonConfigFileContent(config, ts.sys, root).options);
const checker = program.getTypeChecker();
const source = program.getSourceFile(file);
const { NoTruncation, InTypeAlias, UseAliasDefinedOutsideCurrentScope } = ts.TypeFormatFlags;
/** Seen from the file, in which a CheckpointedObservable has the name that it is exported with (decision 0195). */
const print = (type, flags = 0) =>
  checker.typeToString(type, source, flags | NoTruncation | UseAliasDefinedOutsideCurrentScope);

const entries = new Map();
for (const statement of source.statements) {
  if (!ts.isImportDeclaration(statement)) continue;
  entries.set(statement.importClause.namedBindings.name.text, checker.getSymbolAtLocation(statement.moduleSpecifier));
}

/** Whatever cannot be told apart by who calls it is written alike. */
function overload(signature) {
  const typeParameters = signature.typeParameters ?? [];
  const parameters = signature.getParameters().map((parameter) => {
    const { dotDotDotToken, questionToken, initializer } = parameter.valueDeclaration;
    const type = checker.getTypeOfSymbolAtLocation(parameter, source);
    const text = (dotDotDotToken ? '...' : '') + print(type, InTypeAlias);
    if (!questionToken && !initializer) return text;
    return `?${text.replace(/ \| undefined$/, '').replace(/^\((\(.*)\)$/, '$1')}`;
  });
  const constraints = typeParameters.map((parameter) => {
    const [upper, preset] = [parameter.getConstraint(), parameter.getDefault()];
    return parameter.symbol.name + (upper ? ` extends ${print(upper)}` : '') + (preset ? ` = ${print(preset)}` : '');
  });
  const code = `${constraints.length > 0 ? `<${constraints.join(', ')}>` : ''}(${parameters.join(', ')})`;
  return typeParameters
    .reduce((all, { symbol }, i) => all.replace(new RegExp(`(?<![\\w$.])${symbol.name}(?![\\w$])`, 'g'), `$${i}`), code)
    .replace(/\bany\b/g, 'unknown')
    .replace(/import\("[^"]*"\)\.|\b(?:rx|ours)\w*\./g, '')
    .replace(/\bArray<(\w+)>/g, '$1[]');
}

function overloads(symbol) {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return checker.getTypeOfSymbolAtLocation(target, source).getCallSignatures().map(overload);
}

const golden = JSON.parse(readFileSync(goldenFile, 'utf8'));
const found = {};
let compared = 0;
for (const [name, entry] of entries) {
  if (!name.startsWith('rx')) continue;
  const ours = new Map(
    checker
      .getExportsOfModule(entries.get(name.replace('rx', 'ours')))
      .map((symbol) => [symbol.name, overloads(symbol)]),
  );
  for (const symbol of checker.getExportsOfModule(entry)) {
    if (!ours.has(symbol.name)) continue; // That all are there, the entries' spec says.
    const [mine, theirs] = [ours.get(symbol.name), overloads(symbol)];
    compared += theirs.length;
    if (mine.join('\n') === theirs.join('\n')) continue;
    const key = name === 'rx' ? symbol.name : `${name.slice(2).toLowerCase()}/${symbol.name}`;
    found[key] = {
      why: golden[key]?.why ?? '',
      ours: mine.filter((one) => !theirs.includes(one)),
      rxjs: theirs.filter((one) => !mine.includes(one)),
    };
  }
}

if (process.argv.includes('--update')) writeFileSync(goldenFile, `${JSON.stringify(found, null, 2)}\n`);
const problems = Object.entries(found).filter(
  ([name, difference]) => difference.why === '' || JSON.stringify(difference) !== JSON.stringify(golden[name]),
);
const gone = Object.keys(golden).filter((name) => found[name] === undefined);
for (const [name, difference] of problems) console.log(name, JSON.stringify(difference, null, 2));
for (const name of gone) console.log(`${name} does not differ any more`);
console.log(`${compared} overloads of RxJS's compared, ${Object.keys(found).length} functions differ on purpose.`);
if (problems.length + gone.length > 0) {
  console.log(
    "Give the function RxJS's parameters; or, if it is meant, `npm run types:update`, and say why in the file.",
  );
  process.exitCode = 1;
}
