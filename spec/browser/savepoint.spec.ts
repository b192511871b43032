import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fileStorage } from 'rxjs-checkpoint/node';

import { bundle } from '../support/bundle.js';
import { Chromium } from './Chromium.js';
import type { Journey } from './movingTotal.js';
import { RECORDS, travel } from './movingTotal.js';

const describeInBrowser = process.env.WITHOUT_CHROMIUM === undefined ? describe : describe.skip;

describeInBrowser('a savepoint', () => {
  let server: Server;
  let directory: string;
  let browser: Chromium;

  beforeAll(async () => {
    const options = { platform: 'browser', format: 'esm', write: false } as const;
    const script = (await bundle(join(__dirname, 'savepointPage.ts'), 'page.js', options)).outputFiles![0]!.text;
    server = createServer(({ url: path }, response) => {
      const isScript = path === '/page.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? script : '<!doctype html><script type="module" src="/page.js"></script>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    directory = await mkdtemp(join(tmpdir(), 'rxjs-checkpoint-savepoint-'));
    browser = await Chromium.start(join(directory, 'profile'));
  }, 60_000);

  afterAll(async () => {
    await browser.kill();
    server.closeAllConnections();
    server.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 10 });
  });

  it('is taken in a browser, gone on with in Node, and taken back', async () => {
    const page = await browser.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction('window.travel !== undefined');
    const inBrowser = (...args: [string, number[] | null, number]): Promise<Journey> =>
      page.evaluate((all) => (window as unknown as { travel: typeof inBrowser }).travel(...all), args);
    const total = (n: number): number => (n * (n + 1)) / 2;
    /** How many numbers make a total. */
    const count = (sum: number): number => Math.round((Math.sqrt(8 * sum + 1) - 1) / 2);

    const first = await inBrowser('one', null, 20);
    expect(first).toMatchObject({ first: 1, isComplete: false });

    const second = await travel(fileStorage(join(directory, 'state')), first.bytes, 20);
    expect(second.first).toBe(total(count(first.last) + 1));
    expect(second.isComplete).toBe(false);

    const third = await inBrowser('two', second.bytes, Infinity);
    expect(third).toMatchObject({ first: total(count(second.last) + 1), last: total(RECORDS), isComplete: true });
  }, 60_000);
});
