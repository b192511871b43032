import { defineConfig, globalIgnores } from 'eslint/config';
import rxjs from 'eslint-plugin-rxjs-x';
import tseslint from 'typescript-eslint';

const keptMessage =
  'V8 keeps it, and all that it refers to, until a full collection: give it a name first (decision 0190).';
const kept = [
  'AssignmentExpression[left.type="MemberExpression"][right.type=/^(Arrow)?FunctionExpression$/]',
  'PropertyDefinition[static=false][value.type=/^(Arrow)?FunctionExpression$/]',
  'ObjectExpression > Property[kind=/^[gs]et$/]',
].map((selector) => ({ selector, message: keptMessage }));
const portMessage = 'Clock, randomness, files and the platform come in as ports (src/io).';

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'temp/']),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked, tseslint.configs.stylisticTypeChecked, rxjs.configs.strict],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      '@typescript-eslint/consistent-generic-constructors': 'off', // fights isolatedDeclarations
      '@typescript-eslint/dot-notation': ['error', { allowPrivateClassPropertyAccess: true }], // see BareSubscriber
      '@typescript-eslint/no-empty-function': 'off', // a notification that needs no answer
      '@typescript-eslint/class-literal-property-style': 'off', // a getter is overridden, a field is not
      '@typescript-eslint/no-inferrable-types': 'off', // fights isolatedDeclarations
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off', // noUncheckedIndexedAccess asks for it in hot loops
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-for-of': 'off',
      '@typescript-eslint/require-await': 'off', // an asynchronous port with a synchronous implementation
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'rxjs-x/no-subclass': 'off', // CheckpointedObservable is one
      'rxjs-x/throw-error': ['error', { allowThrowingAny: false, allowThrowingUnknown: true }], // operators pass errors on
    },
  },
  {
    files: ['src/**/*.ts', 'spec/simulation/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...kept] },
  },
  {
    files: ['src/**/*.ts'],
    ignores: [
      'src/io/**',
      'src/node/**',
      'src/command/**',
      'src/localforage/**',
      'src/browser/**',
      'src/kafka/**',
      'src/testing/**',
    ],
    rules: {
      'no-restricted-globals': [
        'error',
        ...[
          ...['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'],
          ...['performance', 'process', 'Buffer', 'window', 'document', 'navigator', 'indexedDB', 'localStorage'],
        ].map((name) => ({ name, message: portMessage })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: portMessage },
        { object: 'Math', property: 'random', message: portMessage },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: portMessage },
        ...kept,
      ],
    },
  },
  {
    files: ['spec/**/*.ts', 'spec-types/**/*.ts', 'examples/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'no-console': 'off',
      'rxjs-x/no-exposed-subjects': 'off',
      'rxjs-x/no-floating-observables': 'off', // spec-types only builds pipelines
      'rxjs-x/no-ignored-error': 'off',
      'rxjs-x/no-nested-subscribe': 'off',
      'rxjs-x/no-sharereplay': 'off',
      'rxjs-x/no-unsafe-takeuntil': 'off', // the order is what a spec is about
      'rxjs-x/no-ignored-default-value': 'off',
      // A spec does on purpose what others must not, and looks into state that is typed unknown.
      'rxjs-x/throw-error': 'off',
      'rxjs-x/no-unnecessary-collection': 'off',
      'rxjs-x/no-subscribe-in-pipe': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-misused-promises': 'off',
    },
  },
  {
    files: ['spec-types/**/*.ts'],
    rules: { '@typescript-eslint/no-unused-vars': 'off', '@typescript-eslint/no-unused-expressions': 'off' },
  },
  { files: ['**/*.{js,mjs,cjs}'], extends: [tseslint.configs.recommended] },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
