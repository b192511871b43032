import type { CrashPipeline } from '../CrashPipeline.js';
import { attempts } from './attempts.js';
import { accompanied, combined, merged } from './fanIn.js';
import { grouped } from './groups.js';
import { backlog, innerPipelines, promises, switched } from './inners.js';
import { diamond, knot, several } from './shared.js';
import { synchronous } from './synchronous.js';
import { buffered, debounced, delayed } from './timed.js';

export const crashPipelines: readonly CrashPipeline[] = [
  synchronous,
  delayed,
  debounced,
  buffered,
  merged,
  combined,
  accompanied,
  promises,
  innerPipelines,
  switched,
  backlog,
  grouped,
  attempts,
  diamond,
  knot,
  several,
];
