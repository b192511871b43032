import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as rx from 'rxjs/fetch';

import * as ours from '../../src/fetch/index.js';
import { CheckpointSubject, memoryStorage, mergeMap, scan, uid } from '../../src/index.js';
import { Log } from '../support/Log.js';
import type { Observed } from '../support/Observed.js';
import { observe, settled } from '../support/Observed.js';

const { fromFetch } = ours;

let server: Server;
let base: string;
/** What was asked for, in order, with what answers it. Those that begin with `/slow` wait. */
const asked: { url: string; method: string; response: ServerResponse; isClosed: boolean }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const entry = { url: request.url!, method: request.method!, response, isClosed: false };
    asked.push(entry);
    response.on('close', () => (entry.isClosed = true));
    if (!request.url!.startsWith('/slow')) response.end(`"${request.url}"`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  asked.length = 0;
});

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(condition()).toBe(true);
}

const hasEnded = (seen: Observed<unknown>) => (): boolean => seen.hasCompleted || seen.error !== undefined;

const json = (response: Response): Promise<unknown> => response.json() as Promise<unknown>;

test("has what RxJS's entry has", () => {
  expect(Object.keys(ours)).toEqual(Object.keys(rx));
});

describe('outside of a job', () => {
  test.each([
    ['ours', fromFetch],
    ["RxJS's", rx.fromFetch],
  ])('%s emits the response, or what the selector makes of it', async (_name, fetching) => {
    const plain = observe(fetching(`${base}/a`, { method: 'POST' }));
    await until(hasEnded(plain));
    expect(plain).toMatchObject({ error: undefined, hasCompleted: true });
    expect(await plain.values[0]!.json()).toBe('/a');
    expect(asked[0]).toMatchObject({ url: '/a', method: 'POST' });
    const selected = observe(fetching(new Request(`${base}/b`), { selector: json }));
    await until(hasEnded(selected));
    expect(selected).toMatchObject({ values: ['/b'], hasCompleted: true });
    const controller = new AbortController();
    const aborted = observe(fetching(`${base}/slow`, { signal: controller.signal }));
    await until(() => asked.length === 3);
    controller.abort();
    await until(hasEnded(aborted));
    expect(aborted.error).toMatchObject({ name: 'AbortError' });
  });

  test('unsubscribing aborts the request', async () => {
    const seen = observe(fromFetch(`${base}/slow`));
    await until(() => asked.length === 1);
    seen.unsubscribe();
    await until(() => asked[0]!.isClosed);
    expect(seen).toMatchObject({ values: [], error: undefined });
  });
});

test('in a job, a restore makes a request again that had not completed, and no other', async () => {
  const storage = memoryStorage();
  const pipeline$ = new Log(['/quick', '/slow']).stream$.pipe(
    uid('urls'),
    mergeMap((url) => fromFetch(base + url, { selector: json })),
    uid('requests'),
    scan((all: readonly unknown[], one) => [...all, one], []),
    uid('list'),
  );
  const checkpoints = new CheckpointSubject({ storage });
  const first = observe(checkpoints.recover(pipeline$));
  await until(() => first.values.length === 1 && asked.length === 2);
  await checkpoints.checkpoint();
  first.unsubscribe();
  await settled();
  asked.length = 0;
  const second = observe(new CheckpointSubject({ storage }).recover(pipeline$));
  await until(() => asked.length === 1);
  expect(asked[0]!.url).toBe('/slow');
  asked[0]!.response.end('"late"');
  await until(() => second.values.length === 1);
  expect(second.last).toEqual(['/quick', 'late']);
  second.unsubscribe();
});
