import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

/** In the first column: what a module does when it is loaded. */
const WRITES = /^(?:[\w$]+(?:\.[\w$]+|\[.*?\])+\s*=(?!=)|Object\.(?:assign|define|set)|delete )/m;

// The package says that its modules have no side effects, and bundlers may be told that writing a property is none
// (`propertyWriteSideEffects: false` of Rolldown): they drop the statement and keep the variable.
test('no module writes a property of anything while it is loaded', () => {
  const modules = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

  expect(modules.length).toBeGreaterThan(100);
  expect(modules.filter((name) => WRITES.test(readFileSync(`src/${name}`, 'utf8')))).toEqual([]);
});
