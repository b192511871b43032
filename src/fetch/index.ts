export { fromFetch } from './fromFetch.js';
