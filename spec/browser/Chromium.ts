import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update', '--remote-debugging-port=0'],
  // A page in the background would have its timers slowed down.
  ...['--disable-background-timer-throttling', '--disable-renderer-backgrounding'],
];

/** The path of the browser that the system has. */
export function findChromium(): string {
  try {
    return execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  } catch (cause) {
    const message =
      'There is no chromium for the browser specs. Install it (Debian: apt-get install chromium), ' +
      'or leave them out with WITHOUT_CHROMIUM=1.';
    throw new Error(message, { cause });
  }
}

/** A browser of our own, since Playwright does not give the process of one that it starts with a profile. */
export class Chromium {
  private constructor(
    private readonly process: ChildProcess,
    private readonly browser: Browser,
  ) {}

  /** @param profile - the directory that outlives the browser. */
  static async start(profile: string): Promise<Chromium> {
    const command = [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'];
    // A process group, so that a kill takes all of its processes.
    const process = spawn(findChromium(), command, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    try {
      return new Chromium(process, await chromium.connectOverCDP(await debuggerAddress(process)));
    } catch (error) {
      killGroup(process);
      throw error;
    }
  }

  async open(url: string): Promise<Page> {
    const page = await this.browser.contexts()[0]!.newPage();
    await page.goto(url);
    return page;
  }

  /** Kill -9, as a whole. Resolves when it is gone. */
  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exit = once(this.process, 'exit');
    const disconnected = new Promise<unknown>((resolve) => this.browser.on('disconnected', resolve));
    killGroup(this.process);
    await exit;
    await disconnected;
  }
}

function killGroup({ pid }: ChildProcess): void {
  process.kill(-pid!, 'SIGKILL');
}

async function debuggerAddress(browser: ChildProcess): Promise<string> {
  const said: string[] = [];
  for await (const line of createInterface(browser.stderr!)) {
    const address = /^DevTools listening on (ws:.*)$/.exec(line)?.[1];
    if (address !== undefined) {
      browser.stderr!.resume();
      return address;
    }
    said.push(line);
  }
  throw new Error(`chromium ended before it could be used:\n${said.join('\n')}`);
}
