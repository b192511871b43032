import { beforeEach, describe, expect, test } from '@jest/globals';
import * as rx from 'rxjs/ajax';

import * as ours from '../../src/ajax/index.js';
import { CheckpointedObservable, CheckpointSubject, map, memoryStorage, mergeMap, scan, uid } from '../../src/index.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';
import { FakeXMLHttpRequest } from './FakeXMLHttpRequest.js';

const { ajax } = ours;
const { sent } = FakeXMLHttpRequest;

beforeEach(() => {
  sent.length = 0;
  (globalThis as { XMLHttpRequest?: unknown }).XMLHttpRequest = FakeXMLHttpRequest;
});

test("has what RxJS's entry has", () => {
  expect(Object.keys(ours).sort()).toEqual(Object.keys(rx).sort());
  expect(Object.keys(ajax).sort()).toEqual(Object.keys(rx.ajax).sort());
  expect(ours.AjaxError).toBe(rx.AjaxError);
});

describe('outside of a job', () => {
  const calls: Record<string, (module: typeof rx.ajax) => ReturnType<typeof rx.ajax>> = {
    url: (module) => module('/a'),
    config: (module) => module({ url: '/a', method: 'PUT', body: { n: 1 }, headers: { x: 'y' } }),
    get: (module) => module.get('/a', { x: 'y' }),
    post: (module) => module.post('/a', { n: 1 }, { x: 'y' }),
    put: (module) => module.put('/a', 'text'),
    patch: (module) => module.patch('/a', { n: 1 }),
    delete: (module) => module.delete('/a', { x: 'y' }),
    getJSON: (module) => module.getJSON('/a'),
  };

  test.each(Object.entries(calls))('%s: the same request and the same answers as in RxJS', (_name, call) => {
    const results = [rx.ajax, ajax].map((module) => {
      const [good, bad] = [observe(call(module)), observe(call(module))];
      const left = observe(call(module));
      left.unsubscribe();
      const [first, second, third] = sent.splice(0);
      first!.answer(200, { name: 'Ada' });
      second!.answer(404, null);
      const { method, url, body, headers, responseType } = first!;
      const value = good.values[0] as rx.AjaxResponse<unknown> | { response?: undefined };
      return {
        ...{ method, url, body, headers, responseType, response: value.response ?? value },
        ...{ completed: good.hasCompleted, error: String(bad.error), aborted: third!.wasAborted },
      };
    });
    expect(results[1]).toEqual(results[0]);
    expect(results[1]).toMatchObject({ completed: true, aborted: true, error: expect.stringContaining('404') });
  });

  test('each subscription is a request, and it can be piped', () => {
    const names$ = ajax<{ name: string }>('/a').pipe(map(({ response }) => response.name));
    expect(names$).toBeInstanceOf(CheckpointedObservable);
    const seen = [observe(names$), observe(names$)];
    expect(sent).toHaveLength(2);
    sent.forEach((request, i) => request.answer(200, { name: String(i) }));
    expect(seen.map(({ values }) => values)).toEqual([['0'], ['1']]);
  });
});

describe('in a job', () => {
  test('a restore makes a request again that had not completed, and no other', async () => {
    const storage = memoryStorage();
    const log = new Log([1, 2]);
    const pipeline$ = log.stream$.pipe(
      uid('ids'),
      mergeMap((id) => ajax<string>(`/users/${id}`).pipe(map(({ response }) => response))),
      uid('requests'),
      scan((names: readonly string[], name) => [...names, name], []),
      uid('names'),
    );
    const first = new CheckpointSubject({ storage });
    const before = observe(first.recover(pipeline$));
    await settled();
    expect(sent.map(({ url }) => url)).toEqual(['/users/1', '/users/2']);
    sent[0]!.answer(200, 'Ada');
    await first.checkpoint();
    sent[1]!.answer(200, 'Bob');
    expect(before.last).toEqual(['Ada', 'Bob']);
    before.unsubscribe();
    await settled();
    sent.length = 0;
    const after = observe(new CheckpointSubject({ storage }).recover(pipeline$));
    await settled();
    expect(sent.map(({ url }) => url)).toEqual(['/users/2']);
    sent[0]!.answer(200, 'Bob');
    expect(after.values).toEqual([['Ada', 'Bob']]);
  });

  test('unsubscribing aborts, and a failing request is the error of the pipeline', async () => {
    const storage = memoryStorage();
    const left = observe(new CheckpointSubject({ storage }).recover(ajax('/a')));
    await settled();
    left.unsubscribe();
    expect(sent[0]!.wasAborted).toBe(true);
    await settled();
    const failed = observe(new CheckpointSubject({ storage }).recover(ajax('/a')));
    await settled();
    sent[1]!.answer(500, null);
    expect(failed.error).toBeInstanceOf(ours.AjaxError);
  });
});
