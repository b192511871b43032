import { describe, expect, it } from '@jest/globals';

import { StorageHandles } from '../../../src/checkpoint/store/StateHandle.js';
import { StorageError } from '../../../src/errors/StorageError.js';
import { ScriptedStorage } from './ScriptedStorage.js';

describe('a state handle', () => {
  it('is created, got, and discarded, and knows its size', async () => {
    const storage = new ScriptedStorage();
    const handles = new StorageHandles(storage);
    const handle = await handles.create('a', Uint8Array.of(1, 2, 3));
    expect(handle).toMatchObject({ name: 'a', size: 3 });
    expect(await handle.get()).toEqual(Uint8Array.of(1, 2, 3));
    const other = handles.handle('a');
    expect(other.size).toBeUndefined();
    await other.get();
    expect(other.size).toBe(3);
    await handle.discard();
    expect(await other.get()).toBeUndefined();
    expect(other.size).toBeUndefined();
    expect(storage.names()).toEqual([]);
  });

  it('says which storage failed at what', async () => {
    const storage = new ScriptedStorage();
    const handles = new StorageHandles(storage);
    storage.writeFate = 'fail';
    await expect(handles.create('a', Uint8Array.of())).rejects.toThrow(/could not write 'a': no space/);
    Object.assign(storage, { readFails: true, removeFails: true });
    await expect(handles.handle('a').get()).rejects.toThrow(/could not read 'a': no such device/);
    await expect(handles.handle('a').discard()).rejects.toThrow(StorageError);
  });
});
