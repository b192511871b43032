import { expect, it } from '@jest/globals';

import { CheckpointSubject, map, memoryStorage, merge, share, shareReplay, uid } from '../../src/index.js';
import { fileNode } from '../../src/sources/fileNode.js';
import { lines } from '../../src/sources/lines.js';
import { MemoryFileSystem } from '../io/MemoryFileSystem.js';
import { observe, settled } from '../support/Observed.js';

it('a shared file that is restored is opened once, and given back', async () => {
  const fileSystem = new MemoryFileSystem();
  fileSystem.files.set('a', new TextEncoder().encode('1\n2\n3\n4\n'));
  const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
  const shared$ = fileNode({ fileSystem, path: 'a', format: lines() }).pipe(share(), uid('shared'));
  const pipeline$ = checkpoints.recover(merge(shared$, shared$.pipe(map((line) => `-${line}`))));
  const killed = observe(pipeline$, (value) => {
    if (value === '-2') checkpoints.next();
    if (value === '3') killed.unsubscribe();
  });
  while (killed.last !== '3') await settled();
  await settled();
  expect(fileSystem.openHandles).toBe(0);

  const restored = observe(pipeline$);
  while (!restored.hasCompleted) await settled();
  expect(restored.values).toEqual(['3', '-3', '4', '-4']);
  expect(fileSystem.openHandles).toBe(0);
});

it('a check gives back what a part that outlives its subscribers has opened', async () => {
  const fileSystem = new MemoryFileSystem();
  fileSystem.files.set('a', new TextEncoder().encode('1\n2\n3\n4\n'));
  const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
  const pipeline$ = fileNode({ fileSystem, path: 'a', format: lines() }).pipe(shareReplay(1), uid('shared'));
  const killed = observe(checkpoints.recover(pipeline$), (value) => {
    if (value === '2') checkpoints.next();
    if (value === '3') killed.unsubscribe();
  });
  while (killed.last !== '3') await settled();
  await settled();
  expect(await checkpoints.check(pipeline$)).toMatchObject({ checkpointId: 1, problems: [] });
  await settled();
  expect(fileSystem.openHandles).toBe(0);
});
