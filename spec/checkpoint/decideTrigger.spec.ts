import { expect, test } from '@jest/globals';

import type { CheckpointKind, TriggerSituation } from '../../src/checkpoint/decideTrigger.js';
import { decideTrigger } from '../../src/checkpoint/decideTrigger.js';

const kinds: readonly CheckpointKind[] = ['savepoint', 'completion', 'user', 'trigger'];
const jobs = ['running', 'finished', 'idle'] as const;
const MIN_PAUSE_MS = 100;

/** All combinations, and for each kind what becomes of it: b(egin), w(ait), or the reason of the refusal. */
const situations = jobs.flatMap((job) =>
  [false, true].flatMap((isAligning) =>
    [0, 1, 2].flatMap((pending) =>
      [null, -5, 0, 99, 100, 101].map((sinceCompletedMs) => ({ job, isAligning, pending, sinceCompletedMs })),
    ),
  ),
);

function decisions(situation: Omit<TriggerSituation, 'kind' | 'maxConcurrent' | 'minPauseMs'>, maxConcurrent: number) {
  const minPauseMs = MIN_PAUSE_MS;
  return kinds.map((kind) => {
    const decision = decideTrigger({ ...situation, kind, maxConcurrent, minPauseMs });
    if (decision.action !== 'refuse') return decision.action;
    return decision.reason === 'min-pause' ? `min-pause ${decision.remainingMs}` : decision.reason;
  });
}

/** The same in the words of the documentation, row by row. */
function expected(situation: (typeof situations)[number], maxConcurrent: number): string[] {
  const { job, isAligning, pending, sinceCompletedMs } = situation;
  const room = isAligning || pending >= maxConcurrent ? 'full' : 'room';
  const pause = { null: 0, '-5': 0, 0: 100, 99: 1, 100: 0, 101: 0 }[String(sinceCompletedMs)]!;
  const rows: Record<string, [savepoint: string, completion: string, user: string, trigger: string]> = {
    'running room': [isAligning ? 'wait' : 'begin', 'begin', 'begin', pause > 0 ? `min-pause ${pause}` : 'begin'],
    'running full': [isAligning ? 'wait' : 'begin', 'wait', 'wait', 'too-many-pending'],
    'finished room': ['finished', 'begin', 'finished', 'finished'],
    'finished full': ['finished', 'wait', 'finished', 'finished'],
    'idle room': ['not-running', 'begin', 'not-running', 'not-running'],
    'idle full': ['not-running', 'wait', 'not-running', 'not-running'],
  };
  return rows[`${job} ${room}`]!;
}

test.each([1, 2, 3])('all combinations, with maxConcurrent %d', (maxConcurrent) => {
  const table = situations.map((situation) => [situation, decisions(situation, maxConcurrent)]);
  expect(table).toEqual(situations.map((situation) => [situation, expected(situation, maxConcurrent)]));
});

test('without a pause a trigger right after a checkpoint begins', () => {
  const situation = { job: 'running', isAligning: false, pending: 0, sinceCompletedMs: 0 } as const;
  const decision = decideTrigger({ ...situation, kind: 'trigger', maxConcurrent: 1, minPauseMs: 0 });
  expect(decision).toEqual({ action: 'begin' });
});
