import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { BuildResult } from 'esbuild';
import type { Page } from 'playwright-core';

import { bundle } from '../support/bundle.js';
import { Chromium } from './Chromium.js';
import type { Progress } from './Progress.js';

const RECORDS = 2_000;
/** 1 to 2,000 without the multiples of three. */
const TOTAL = (2_000 * 2_001) / 2 - 3 * ((666 * 667) / 2);

it('the root and localforage entries need nothing of Node', async () => {
  // Bundling would fail at one of Node's modules, unless a package says that it is empty in browsers.
  const { inputs, outputs } = (await bundlePage()).metafile!;
  expect(Object.keys(inputs)).toContain('src/localforage/index.ts');
  expect(Object.keys(inputs).filter((path) => path.startsWith('(disabled)'))).toEqual([]);
  expect(Object.values(outputs).flatMap(({ imports }) => imports)).toEqual([]);
});

const describeInBrowser = process.env.WITHOUT_CHROMIUM === undefined ? describe : describe.skip;

describeInBrowser('in Chromium, over IndexedDB,', () => {
  let server: Server;
  let url: string;
  let profile: string;
  const browsers: Chromium[] = [];

  beforeAll(async () => {
    const script = (await bundlePage()).outputFiles![0]!.text;
    server = createServer(({ url: path }, response) => {
      const isScript = path === '/page.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      const html = path === '/nothing' ? '' : '<script type="module" src="/page.js"></script>';
      response.end(isScript ? script : `<!doctype html>${html}`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  beforeEach(async () => {
    profile = await mkdtemp(join(tmpdir(), 'rxjs-checkpoint-chromium-'));
  });

  afterEach(async () => {
    for (const browser of browsers.splice(0)) await browser.kill();
    await rm(profile, { recursive: true, force: true, maxRetries: 10 });
  }, 60_000);

  async function start(): Promise<Chromium> {
    const browser = await Chromium.start(profile);
    browsers.push(browser);
    return browser;
  }

  it('a pipeline goes on after kill -9 of the browser, and comes to the right total', async () => {
    let browser = await start();
    let before = 0;
    for (let kills = 0; kills < 3; kills++) {
      const { first, last } = await progressWhen(await browser.open(url), ({ checkpoints }) => checkpoints >= 5);
      expect(first).toBeGreaterThan(before);
      expect(last).toBeLessThan(RECORDS);
      before = first!;
      await browser.kill();
      browser = await start();
    }
    const end = await progressWhen(await browser.open(url), ({ isComplete }) => isComplete);
    expect(end.first).toBeGreaterThan(before);
    expect(end).toMatchObject({ last: RECORDS, result: String(TOTAL), problem: null });
  }, 120_000);

  it('a second tab on the same store is told so, and takes over when the first is closed', async () => {
    const browser = await start();
    const first = await browser.open(url);
    await progressWhen(first, ({ checkpoints }) => checkpoints >= 2);
    const second = await browser.open(url);
    const { problem } = await progressWhen(second, (progress) => progress.problem !== null);
    expect(problem).toMatch(
      /^storage-locked: The storage \(localforage smoke\/checkpoints\) is in use by another job, in this or another tab/,
    );
    expect(await progressOf(first)).toMatchObject({ isComplete: false, problem: null });
    await first.close();
    // The browser frees the lock of a closed tab a moment later.
    await second.waitForFunction(async () => (await navigator.locks.query()).held!.length === 0);
    await second.reload();
    const end = await progressWhen(second, ({ isComplete }) => isComplete);
    expect(end.first).toBeGreaterThan(1);
    expect(end).toMatchObject({ result: String(TOTAL), problem: null });
  }, 60_000);

  it.each(['takes over', 'steals the Web Lock, and another begins'])(
    'the first tab is stopped when a second one %s',
    async (how) => {
      const browser = await start();
      const first = await browser.open(url);
      const { last } = await progressWhen(first, ({ checkpoints }) => checkpoints >= 3);
      const second = await browser.open(how === 'takes over' ? `${url}?take-over` : `${url}nothing`);
      if (how !== 'takes over') {
        await second.evaluate(async () => {
          const { held } = await navigator.locks.query();
          const name = held!.find((lock) => lock.name!.startsWith('rxjs-checkpoint/'))!.name!;
          await navigator.locks.request(name, { steal: true }, () => {});
        });
        await second.goto(url);
      }
      const { problem } = await progressWhen(first, (progress) => progress.problem !== null);
      expect(problem).toMatch(/^claim-lost: .*localforage smoke\/checkpoints/);
      const end = await progressWhen(second, ({ isComplete }) => isComplete);
      expect(end.first).toBeGreaterThan(1);
      expect(end.first).toBeLessThanOrEqual((await progressOf(first)).last! + 1);
      expect(last).toBeGreaterThan(1);
      expect(end).toMatchObject({ result: String(TOTAL), problem: null });
    },
    60_000,
  );
});

function bundlePage(): Promise<BuildResult> {
  const entry = join(__dirname, 'page.ts');
  return bundle(entry, 'page.js', { platform: 'browser', format: 'esm', write: false, metafile: true });
}

function progressOf(page: Page): Promise<Progress> {
  return page.evaluate(() => (globalThis as unknown as { progress: Progress }).progress);
}

/** Waits until it is so, or there is a problem. */
async function progressWhen(page: Page, condition: (progress: Progress) => boolean): Promise<Progress> {
  const isOver = `window.progress.problem !== null || (${String(condition)})(window.progress)`;
  await page.waitForFunction(isOver, undefined, { polling: 20, timeout: 50_000 });
  const progress = await progressOf(page);
  if (!condition(progress)) throw new Error(`The page had a problem. ${progress.problem}`);
  return progress;
}
