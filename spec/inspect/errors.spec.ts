import { expect, test } from '@jest/globals';
import {
  OperatorNotFoundError,
  RefusedEditError,
  UnreadableCheckpointError,
  UnreadableNotationError,
} from 'rxjs-checkpoint/inspect';
import * as inspect from 'rxjs-checkpoint/inspect';

const errors: Record<string, readonly Error[]> = {
  OperatorNotFoundError: [
    new OperatorNotFoundError({
      checkpoint: 'checkpoint-000000000007',
      wanted: 'total',
      available: ['flights', 'total-delay'],
    }),
    new OperatorNotFoundError({ checkpoint: 'checkpoint-000000000007', wanted: 'total', available: [] }),
  ],
  // Its messages are made where edits are refused: see spec/command/command.spec.ts.
  RefusedEditError: [new RefusedEditError('Checkpoint 7 is the newest one.')],
  UnreadableCheckpointError: [
    new UnreadableCheckpointError({
      checkpoint: 'checkpoint-000000000007',
      problem: 'has a damaged header (checksum)',
    }),
  ],
  UnreadableNotationError: [
    new UnreadableNotationError({ path: 'state.a', problem: 'has to be an array.' }),
    new UnreadableNotationError({ path: '', problem: 'has to be an object.' }),
  ],
};

test('every error of the entry is here, and its message is a sentence', () => {
  expect(
    Object.keys(inspect)
      .filter((name) => name.endsWith('Error'))
      .sort(),
  ).toEqual(Object.keys(errors));
  const messages = Object.values(errors)
    .flat()
    .map(({ name, message }) => `${name}: ${message}`);
  for (const message of messages) expect(message).toMatch(/\.$/);
  expect(messages).toMatchInlineSnapshot(`
    [
      "OperatorNotFoundError: checkpoint-000000000007 has no operator 'total'. It has: total-delay, flights. One without state is not in a checkpoint; one without a uid has a structural name.",
      "OperatorNotFoundError: checkpoint-000000000007 has no operator 'total'. It has none: all of its pipelines have completed.",
      "RefusedEditError: Checkpoint 7 is the newest one.",
      "UnreadableCheckpointError: checkpoint-000000000007 cannot be used: it has a damaged header (checksum). Take another one, or restore its bytes from a backup.",
      "UnreadableNotationError: state.a has to be an array.",
      "UnreadableNotationError: The document has to be an object.",
    ]
  `);
});
