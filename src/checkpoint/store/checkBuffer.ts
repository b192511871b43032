import type { ValuePath } from '../protocol/ValuePath.js';

/** Refuses buffers whose bytes others can change, or that would come back as something else. */
export function checkBuffer(buffer: ArrayBufferLike, path: ValuePath): void {
  if (Object.prototype.toString.call(buffer) !== '[object ArrayBuffer]') {
    path.fail('is shared memory, which others can change. Copy it into a Uint8Array of your own.');
  }
  if ((buffer as { resizable?: boolean }).resizable === true) {
    path.fail('is a resizable ArrayBuffer, which would come back with a fixed size. Store a copy: buffer.slice(0).');
  }
  if (isDetached(buffer)) path.fail('is an ArrayBuffer that was transferred away: its bytes are gone. Store a copy.');
}

function isDetached(buffer: ArrayBufferLike): boolean {
  if (buffer.byteLength > 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}
