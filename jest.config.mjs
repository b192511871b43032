/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/spec/**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  maxWorkers: 2,
  // A watchdog for what hangs: a busy machine must not decide whether a test passes.
  testTimeout: 60_000,
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^rxjs-checkpoint$': '<rootDir>/src/index.ts',
    '^rxjs-checkpoint/(ajax|fetch|operators|webSocket)$': '<rootDir>/src/$1/index.ts',
    '^rxjs-checkpoint/(node|localforage|testing|inspect|opentelemetry)$': '<rootDir>/src/$1/index.ts',
  },
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        // As in the package (tsconfig.json).
        jsc: {
          parser: { syntax: 'typescript' },
          target: 'es2022',
          transform: { useDefineForClassFields: false },
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // devalue is ESM only, and jest runs CommonJS
  transformIgnorePatterns: ['/node_modules/(?!devalue/)'],
  collectCoverageFrom: ['src/**/*.ts'],
  coverageProvider: 'v8',
};
