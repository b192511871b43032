import type { GraphNode, PipelineGraph } from './describe.js';
import type { NodeSnapshot } from './NodeSnapshots.js';

/**
 * A graph as a flowchart in the language of [Mermaid](https://mermaid.js.org), which GitHub and many editors draw. Sources
 * are cylinders, shared streams are hexagons, and what has state has double sides.
 *
 * @returns lines of text, the first of which is `flowchart TB`.
 */
export function toMermaid({ nodes, ends }: PipelineGraph): string {
  const lines = ['flowchart TB'];
  for (const node of nodes) lines.push(`  ${node.id}${shapeOf(node)}`);
  const names = Object.keys(ends);
  names.forEach((name, i) => lines.push(`  p${i + 1}(["${escape(name)}"])`));
  for (const { id, inputs } of nodes) {
    // Where there are several, which is which matters.
    inputs.forEach((input, i) => lines.push(`  ${input} -->${inputs.length > 1 ? `|${i}|` : ''} ${id}`));
  }
  names.forEach((name, i) => lines.push(`  ${ends[name]!} --> p${i + 1}`));
  return `${lines.join('\n')}\n`;
}

function shapeOf(node: GraphNode): string {
  const label = `"${labelOf(node)}"`;
  if (node.inputs.length === 0) return `[(${label})]`;
  if (node.isShared) return `{{${label}}}`;
  return node.hasState ? `[[${label}]]` : `[${label}]`;
}

function labelOf({ operator, uid, snapshot }: GraphNode): string {
  const lines = [operator];
  if (uid !== null) lines.push(uid);
  if (snapshot !== undefined) lines.push(...linesOf(snapshot));
  return lines.map(escape).join('<br/>');
}

/** Of a state as much as a box can hold. */
const STATE = 40;

function linesOf({ sizeBytes, state, position, innerCount, innerSizeBytes }: NodeSnapshot): string[] {
  const lines = [`${sizeBytes} B`];
  const text = state === undefined || state === null ? '' : JSON.stringify(state);
  if (text !== '') lines.push(Array.from(text).length > STATE ? `${Array.from(text).slice(0, STATE).join('')}…` : text);
  const offset = (position as { readonly offset?: unknown } | undefined)?.offset;
  if (typeof offset === 'number' && offset >= 0) lines.push(`offset ${offset}`);
  if (innerCount > 0) lines.push(`${innerCount} inner, ${innerSizeBytes} B`);
  return lines;
}

/** Anything that Mermaid, Markdown or HTML could take for theirs becomes its number. */
function escape(text: string): string {
  return text.replace(/[^\p{L}\p{N} .:,_-]/gu, (character) => `#${character.codePointAt(0)};`);
}
