import stringWidth from 'string-width';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Lines of aligned columns, without borders; wide characters and colours are counted as they are shown. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const hasTitles = columns.some(({ title }) => title !== '');
  const lines = hasTitles ? [columns.map(({ title }) => title), ...rows] : rows;
  const widths = columns.map((_, i) => lines.reduce((width, line) => Math.max(width, stringWidth(line[i] ?? '')), 0));
  const cell = (text: string, i: number): string => {
    const padding = ' '.repeat(widths[i]! - stringWidth(text));
    return columns[i]!.align === 'right' ? padding + text : text + padding;
  };
  return lines.map((line) => line.map(cell).join('  ').trimEnd()).join('\n');
}
