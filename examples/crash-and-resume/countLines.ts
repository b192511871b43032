import { createReadStream } from 'node:fs';

const LINE_FEED = 10;

/** How many lines a file has; a last one without a line end counts. */
export async function countLines(path: string): Promise<number> {
  let count = 0;
  let last = LINE_FEED;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, at + 1)) count++;
    last = chunk[chunk.length - 1] ?? last;
  }
  return last === LINE_FEED ? count : count + 1;
}
