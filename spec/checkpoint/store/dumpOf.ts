/** The bytes of a pack as `docs/format.md` shows them: 16 a line, a new line where something new begins. */
export function dumpOf(bytes: Uint8Array, parts: readonly { at: number; what: string }[]): string {
  const lines: string[] = [];
  parts.forEach(({ at, what }, i) => {
    const end = parts[i + 1]?.at ?? bytes.length;
    lines.push(`${i === 0 ? '' : '\n'}# ${what}`);
    for (let from = at; from < end; from += 16) lines.push(line(bytes, from, Math.min(from + 16, end)));
  });
  return lines.join('\n');
}

function line(bytes: Uint8Array, from: number, to: number): string {
  const row = [...bytes.subarray(from, to)];
  const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
  return `${from.toString(16).padStart(4, '0')}  ${hex.padEnd(47)}  ${text}`;
}
