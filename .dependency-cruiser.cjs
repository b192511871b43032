// The layers of the design, bottom first. A folder may import folders of lower rows and itself, nothing else.
// `pathNot` cuts the nested folders that are layers of their own out of the folder around them.
const rows = [
  [{ path: '^src/errors/' }, { path: '^src/io/' }],
  [{ path: '^src/checkpoint/protocol/' }, { path: '^src/storage/' }],
  [{ path: '^src/checkpoint/store/' }],
  [{ path: '^src/checkpoint/', pathNot: '^src/checkpoint/(protocol|store)/' }, { path: '^src/state/' }],
  [{ path: '^src/operators/base/' }],
  [{ path: '^src/sources/' }, { path: '^src/sinks/' }],
  [{ path: '^src/operators/', pathNot: '^src/operators/(base/|index\\.ts$)' }],
  [{ path: '^src/inspect/', pathNot: '^src/inspect/index\\.ts$' }],
  [
    { path: '^src/index\\.ts$' },
    { path: '^src/inspect/index\\.ts$' },
    { path: '^src/operators/index\\.ts$' },
    { path: '^src/testing/' },
    { path: '^src/node/' },
    { path: '^src/localforage/' },
    { path: '^src/opentelemetry/' },
    { path: '^src/(ajax|fetch|webSocket)/' },
    { path: '^src/browser/' },
    { path: '^src/kafka/' },
  ],
  [{ path: '^src/command/' }],
];
const folders = rows.flat();
const nameOf = (folder) => folder.path.replace(/[\\^$]|\/$/g, '');

/** What a folder may not import: the other folders of its row, and every row above. */
const onlyDown = rows.flatMap((row, level) =>
  row.flatMap((from) =>
    rows
      .slice(level)
      .flat()
      .filter((to) => to !== from)
      .map((to) => ({
        name: `${nameOf(from)} -> ${nameOf(to)}`,
        comment: 'Imports go down only, never sideways (docs: layers).',
        severity: 'error',
        from,
        to,
      })),
  ),
);

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    ...onlyDown,
    forbid('no-circle', 'No circles, type imports counted.', {}, { circular: true }),
    forbid('unresolved', 'The import leads nowhere.', {}, { couldNotResolve: true }),
    forbid(
      'unknown-folder',
      'A new folder needs a row in .dependency-cruiser.cjs.',
      {},
      { path: '^src/', pathNot: folders.map((folder) => folder.path) },
    ),
    forbid(
      'entry-imported',
      'index.ts is a package entry only: import the file that owns the name. The command uses what users can.',
      { pathNot: '^src/command/' },
      { path: '/index\\.ts$', pathNot: 'node_modules/' },
    ),
    forbid(
      'operators-know-neither-coordinator-nor-storage',
      'Operators, sources and sinks meet the coordinator in checkpoint/protocol.',
      { path: '^src/(operators|sources|sinks)/', pathNot: '^src/sources/JournaledSource\\.ts$' },
      { path: '^src/(storage|checkpoint)/', pathNot: '^src/checkpoint/protocol/' },
    ),
    forbid(
      'journaled-brings-what-keeps-journals',
      'So that jobs without it need not load that (docs/decisions/0151). It names nothing else of the storage.',
      { path: '^src/sources/JournaledSource\\.ts$' },
      { path: '^src/(storage|checkpoint)/', pathNot: '^src/checkpoint/(protocol/|store/Journals\\.ts$)' },
    ),
    forbid(
      'node-builtins-in-node-only',
      'node:* belongs to src/node and the command.',
      { pathNot: '^src/(node|command)/' },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'localforage-in-localforage-only',
      'localforage belongs to src/localforage.',
      { pathNot: '^src/localforage/' },
      { path: 'node_modules/localforage/' },
    ),
    forbid(
      'public-rxjs-only',
      "Import from 'rxjs' only: other entries are another bundle, or private.",
      {},
      {
        path: 'node_modules/rxjs/',
        pathNot: 'node_modules/rxjs/dist/[^/]+/((testing|ajax|fetch|webSocket)/)?index\\.(d\\.ts|js)$',
      },
    ),
    forbid(
      'rxjs-testing-in-testing-only',
      'What tests need is none of what programs load.',
      { pathNot: '^src/testing/' },
      { path: 'node_modules/rxjs/dist/[^/]+/testing/' },
    ),
    forbid(
      'rxjs-network-clients-in-their-entries-only',
      'ajax, fromFetch and webSocket are what we wrap and do not write; whoever does not import them does not load them.',
      { pathNot: '^src/(ajax|fetch|webSocket)/' },
      { path: 'node_modules/rxjs/dist/[^/]+/(ajax|fetch|webSocket)/' },
    ),
    forbid(
      'declared-dependencies-only',
      'Users install only dependencies and peerDependencies. What the command needs is bundled.',
      { pathNot: '^src/command/' },
      {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm', 'npm-peer', 'type-only'],
      },
    ),
    forbid(
      'no-catch-all-file',
      'One concept a file, named after it.',
      {},
      { path: '/(utils?|helpers?|common|types|misc)(/|\\.ts$)', pathNot: 'node_modules/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'default'] },
  },
};
