/** What most jobs never need: bundlers put it into a file of its own, which `loadRareParts` loads. */
export { beginFrom } from './beginFrom.js';
export { dryRun } from './dryRun.js';
export { Journals } from './store/Journals.js';
export { takeSavepoint } from './takeSavepoint.js';
