// Storage
export { localForageStorage } from './localForageStorage.js';
export type { LocalForageInstance, LocalForageOptions } from './localForageStorage.js';
