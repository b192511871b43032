// Statistics
export { measureCheckpoints } from './measureCheckpoints.js';
