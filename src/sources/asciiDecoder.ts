import type { DecodeAscii } from '../io/FileSystem.js';

/**
 * For platforms that offer nothing faster than TextDecoder.
 *
 * Whether the bytes were ASCII shows in the result: UTF-8, valid or not, never decodes to more UTF-16 units than it has
 * bytes, so as many units as bytes are one for each byte, with the same index. (That includes lone bytes that are not
 * UTF-8 at all: each is one U+FFFD.) For anything else the work was in vain, and engines decode it ten times slower than
 * ASCII, so once that happened the bytes are looked at first.
 */
export function asciiDecoder(): DecodeAscii {
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  let lastWasAscii = true;
  return (bytes) => {
    if (!lastWasAscii && !isAscii(bytes)) return null;
    const text = utf8.decode(bytes);
    lastWasAscii = text.length === bytes.length;
    return lastWasAscii ? text : null;
  };
}

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! > 0x7f) return false;
  return true;
}
