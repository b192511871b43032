// Compares the public API with the golden reports in etc/ (after `npm run build`); `--local` updates them.
import { mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const local = process.argv.includes('--local');
const root = resolve(import.meta.dirname, '..');
const entries = {
  'rxjs-checkpoint': 'index.d.ts',
  'rxjs-checkpoint.operators': 'operators/index.d.ts',
  'rxjs-checkpoint.node': 'node/index.d.ts',
  'rxjs-checkpoint.localforage': 'localforage/index.d.ts',
  'rxjs-checkpoint.testing': 'testing/index.d.ts',
  'rxjs-checkpoint.ajax': 'ajax/index.d.ts',
  'rxjs-checkpoint.fetch': 'fetch/index.d.ts',
  'rxjs-checkpoint.webSocket': 'webSocket/index.d.ts',
  'rxjs-checkpoint.opentelemetry': 'opentelemetry/index.d.ts',
  'rxjs-checkpoint.inspect': 'inspect/index.d.ts',
};

/** Names that the root entry exports: the other entries may mention them without exporting them again. */
let rootNames = new Set();
const namesIn = (file) =>
  new Set([...readFileSync(file, 'utf8').matchAll(/^export (?:abstract )?\w+ (\w+)/gm)].map((match) => match[1]));

mkdirSync(resolve(root, 'etc'), { recursive: true });
for (const [report, entry] of Object.entries(entries)) {
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: resolve(root, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: resolve(root, 'dist/esm', entry),
      compiler: { tsconfigFilePath: resolve(root, 'tsconfig.json'), skipLibCheck: true },
      newlineKind: 'lf',
      apiReport: {
        enabled: true,
        reportFileName: report,
        reportFolder: resolve(root, 'etc'),
        reportTempFolder: resolve(root, 'temp/api'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Error },
          // Some of the base's types show through the classes; the report lists them, so that a further one is seen.
          'ae-forgotten-export': { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
          'ae-undocumented': { logLevel: ExtractorLogLevel.None },
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
          'ae-unresolved-link': { logLevel: ExtractorLogLevel.Error },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  });
  const result = Extractor.invoke(config, {
    localBuild: local,
    printApiReportDiff: true,
    messageCallback: (message) => {
      const forgotten = message.messageId === 'ae-forgotten-export' && /"([^"]+)"/.exec(message.text)?.[1];
      if (forgotten && rootNames.has(forgotten)) message.logLevel = ExtractorLogLevel.None;
      if (message.messageId.startsWith('console-') && message.logLevel === ExtractorLogLevel.Info)
        message.handled = true;
    },
  });
  console.log(
    `${result.succeeded ? 'ok    ' : 'FAILED'} etc/${report}.api.md${result.apiReportChanged ? ' (changed)' : ''}`,
  );
  if (!result.succeeded) process.exitCode = 1;
  // The class CheckpointedObservable is called Observable where it is declared (decision 0195).
  if (report === 'rxjs-checkpoint')
    rootNames = namesIn(resolve(root, 'temp/api', `${report}.api.md`)).add('Observable');
}
