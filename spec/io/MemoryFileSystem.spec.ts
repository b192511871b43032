import { fileSystemContract } from './fileSystemContract.js';
import { MemoryFileSystem } from './MemoryFileSystem.js';

fileSystemContract('MemoryFileSystem', () => {
  const fileSystem = new MemoryFileSystem();
  return Promise.resolve({
    fileSystem,
    put: (name, bytes) => {
      fileSystem.files.set(name, bytes);
      return Promise.resolve(name);
    },
  });
});
