import { describe as suite, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { of as plainOf, Subject } from 'rxjs';
import type { Checkpoint, CheckpointedObservable } from 'rxjs-checkpoint';
import {
  CheckpointSubject,
  combineLatest,
  DuplicateUidError,
  filter,
  fromObservable,
  groupBy,
  InvalidPipelineNameError,
  map,
  memoryStorage,
  mergeMap,
  NotAPipelineError,
  of,
  scan,
  share,
  uid,
} from 'rxjs-checkpoint';
import { describe, readCheckpoint, toMermaid } from 'rxjs-checkpoint/inspect';

import { caseCount, seed } from '../support/seed.js';

const input$ = new Subject<number>();
const numbers$ = fromObservable(input$, { hot: true }).pipe(uid('numbers'), share(), uid('shared'));
const sum$ = numbers$.pipe(
  filter((n) => n > 0),
  scan((sum, n) => sum + n, 0),
  uid('sum'),
);
const counts$ = numbers$.pipe(
  groupBy((n) => n % 2),
  mergeMap((group) =>
    group.pipe(
      scan((count) => count + 1, 0),
      uid('count'),
    ),
  ),
  uid('per-parity'),
);

/** The lines that Mermaid reads as a flowchart: nodes with quoted labels, and edges between them. */
const NODE = /^ {2}[np]\d+(\[\(L\)\]|\{\{L\}\}|\[\[L\]\]|\[L\]|\(\[L\]\))$/;
const EDGE = /^ {2}n\d+ -->(\|\d+\|)? [np]\d+$/;
const LABEL = /"(?:[\p{L}\p{N} .:,_-]|#\d+;|<br\/>)+"/u;

function expectFlowchart(text: string): void {
  const [first, ...lines] = text.trimEnd().split('\n');
  expect(first).toBe('flowchart TB');
  for (const line of lines) expect(EDGE.test(line) || NODE.test(line.replace(LABEL, 'L')) ? 'read' : line).toBe('read');
}

suite('the graph of pipelines', () => {
  test('is there before anything is subscribed: shared nodes once, several pipelines', () => {
    const graph = describe({ sum: sum$, counts: counts$ });
    expect(input$.observed).toBe(false);
    expect(graph).toMatchSnapshot();
    expect(JSON.parse(JSON.stringify(graph))).toEqual(graph);
    expect(toMermaid(graph)).toMatchSnapshot();
    expectFlowchart(toMermaid(graph));
  });

  test('one pipeline is called main', () => {
    const graph = describe(of(1).pipe(map((n) => n)));
    expect(graph.ends).toEqual({ main: 'n2' });
    expect(graph.nodes.map(({ name, hasState }) => [name, hasState])).toEqual([
      ['main:of', true],
      [null, false],
    ]);
  });

  test('inputs keep their order, and plain Observables are sources', () => {
    const both$ = combineLatest([of(1).pipe(uid('one')), plainOf(2)]) as unknown as CheckpointedObservable<number[]>;
    expect(toMermaid(describe(both$.pipe(uid('both'))))).toMatchSnapshot();
  });

  test('an unshared stream that is used twice is two, as in a job', () => {
    const twice$ = of(1);
    const graph = describe(combineLatest([twice$, twice$]));
    expect(graph.nodes.map(({ name }) => name)).toEqual(['main:of#1of2', 'main:of#2of2', 'main:combineLatest']);
  });

  test('refuses what recover() refuses', () => {
    const named$ = of(1).pipe(uid('same'));
    expect(() => describe(combineLatest([named$, named$]))).toThrow(DuplicateUidError);
    expect(() => describe(plainOf(1) as never)).toThrow(NotAPipelineError);
    expect(() => describe(null as never)).toThrow(NotAPipelineError);
    expect(() => describe({ 'a/b': of(1) })).toThrow(InvalidPipelineNameError);
  });

  test('has what a checkpoint has of each node, whether it was emitted or read', async () => {
    const storage = memoryStorage();
    const checkpoints = new CheckpointSubject({ storage });
    const running = checkpoints.recover(sum$, { name: 'sum' }).subscribe();
    running.add(checkpoints.recover(counts$, { name: 'counts' }).subscribe());
    while (!input$.observed) await new Promise((resolve) => setTimeout(resolve, 1));
    for (const n of [1, 2, 3]) input$.next(n);
    const checkpoint: Checkpoint = await checkpoints.checkpoint();
    running.unsubscribe();
    const graph = describe({ sum: sum$, counts: counts$ }, { checkpoint });
    expect(toMermaid(graph)).toMatchSnapshot();
    expectFlowchart(toMermaid(graph));
    expect(graph.unmatched).toEqual([]);
    const snapshotOf = (name: string) => graph.nodes.find((node) => node.name === name)?.snapshot;
    expect(snapshotOf('sum')?.state).toMatchObject({ value: 6 });
    expect(snapshotOf('per-parity')).toMatchObject({ innerCount: 2 });
    const read = describe({ sum: sum$, counts: counts$ }, { checkpoint: await readCheckpoint(storage, 'latest') });
    expect(read.nodes.map(({ snapshot }) => snapshot?.sizeBytes)).toEqual(
      graph.nodes.map(({ snapshot }) => snapshot?.sizeBytes),
    );
    expect(describe({ sum: sum$ }, { checkpoint }).unmatched).toEqual([
      'counts:shared:groupBy',
      'per-parity',
      'per-parity[0]/count',
      'per-parity[1]/count',
    ]);
  });
});

suite('Mermaid', () => {
  test.each([
    '"quoted"',
    'a)b}(',
    '%% no comment',
    'end',
    '`code`',
    '<b>bold<b>',
    '&amp;',
    'été 日本',
    '🦓',
    'a;b',
    'a|b',
    '-->',
    'x{{y}}',
    '\\n',
  ])('reads the uid %s', (name) => {
    const node$ = of(1).pipe(
      uid(name),
      map((n) => n),
      uid(`${name}2`),
    );
    expectFlowchart(toMermaid(describe({ p: node$ })));
  });

  test('reads whatever is a uid', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }), (text) => {
        const name = text.replace(/[/:[\]#@\u0000-\u001f]/g, '') || 'x';
        if (name === '__proto__') return;
        expectFlowchart(toMermaid(describe({ [name]: of(1).pipe(uid(name)) })));
      }),
      { seed, numRuns: caseCount(200) },
    );
  });
});
