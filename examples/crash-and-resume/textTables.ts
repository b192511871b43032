import { count } from './format.js';
import { table } from './table.js';
import type { TextReport, WordCounts } from './textFile.js';

export function describeText(report: TextReport): string {
  const { lines, longest } = report;
  const { firstLine, lastLine, characters } = longest;
  return `${count(lines)} lines. By their length:
${lengthTable(report)}

The most frequent words of four letters and more:
${wordTable(report)}

The 100 lines in a row with the most text: ${count(firstLine)} to ${count(lastLine)}, with ${count(characters)} characters.`;
}

function lengthTable({ byLength }: TextReport): string {
  const rows = Object.entries(byLength).map(([upTo, lines]) => ({ upTo: Number(upTo), lines }));
  const most = Math.max(...rows.map(({ lines }) => lines));
  return table(
    ['characters', 'lines', ''],
    rows
      .sort((a, b) => a.upTo - b.upTo)
      .slice(0, 15)
      .map(({ upTo, lines }) => [
        upTo === 0 ? 'none' : `${upTo - 19} to ${upTo}`,
        count(lines),
        '█'.repeat(Math.ceil((30 * lines) / most)),
      ]),
  );
}

function wordTable({ words }: TextReport): string {
  return table(
    ['word', 'times'],
    mostFrequent(words, 10).map(([word, times]) => [word, count(times)]),
  );
}

function mostFrequent(words: WordCounts, most: number): [word: string, times: number][] {
  const all = Object.values(words).flatMap((page) => Object.entries(page));
  return all.sort(([a, times], [b, otherTimes]) => otherTimes - times || (a < b ? -1 : 1)).slice(0, most);
}
