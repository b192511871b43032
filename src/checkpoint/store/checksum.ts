export { checksum } from '../../storage/checksum.js';
