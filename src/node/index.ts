// Storage
export { fileStorage } from './fileStorage.js';
