import { describe, expect, test } from '@jest/globals';
import { RefusedEditError } from 'rxjs-checkpoint/inspect';

import { formatName, parseName, patternOf } from '../../src/inspect/operatorNames.js';
import { renamer } from '../../src/inspect/renameOperator.js';

describe('names of operators', () => {
  test.each([
    ['total', 'total'],
    ['main:flights:scan#1of2', 'main:flights:scan#1of2'],
    ['main:fromFile', 'main:fromFile'],
    ['per-state[3]/tally', 'per-state[*]/tally'],
    ['per-state[3]:tally:scan', 'per-state[*]:tally:scan'],
    ['main:flights:mergeMap[0]:delay', 'main:flights:mergeMap[*]:delay'],
    ['a[1]/b[20]/c', 'a[*]/b[*]/c'],
    ['source@2/x', 'x'],
    ['a[1]/source@2/x', 'a[*]/x'],
    ['shared[reset-3]/x', 'shared[*]/x'],
    ['été 日本 "quoted"', 'été 日本 "quoted"'],
  ])('%s is taken apart and put together, and is %s in the code', (name, pattern) => {
    const parts = parseName(name)!;
    expect(formatName(parts)).toBe(name);
    expect(patternOf(parts)).toBe(pattern);
  });

  test.each(['', 'x/y', 'x[1]', 'a:', ':a', 'a[1]', 'a[1]/', 'a[1', 'a:b:c:d', '/x'])('%j is none', (name) => {
    expect(parseName(name)).toBeUndefined();
  });
});

describe('a new uid', () => {
  test.each([
    // what is renamed, to what, a name in the checkpoint, its name afterwards
    ['total', 'sum', 'total', 'sum'],
    ['total', 'sum', 'totals', 'totals'],
    ['total', 'sum', 'total[3]/x', 'sum[3]/x'],
    ['total', 'sum', 'total@2/x', 'sum@2/x'],
    ['total', 'sum', 'retry@1/total', 'retry@1/sum'],
    ['total', 'sum', 'main:total:scan#1of2', 'main:sum:scan#1of2'],
    ['total', 'sum', 'total:flights:scan', 'total:flights:scan'], // a pipeline of that name
    ['total', 'sum', 'main:total', 'main:total'], // an operator of that name
    ['total', 'sum', 'per-state[1]/total', 'per-state[1]/total'], // another one, in an inner pipeline
    ['total', 'sum', 'total.0>live', 'sum.0>live'],
    ['per-state[0]/tally', 'count', 'per-state[7]/tally', 'per-state[7]/count'],
    ['per-state[*]/tally', 'per-state[*]/count', 'per-state[7]:tally:scan', 'per-state[7]:count:scan'],
    ['per-state[*]/tally', 'count', 'tally', 'tally'],
    ['main:flights:scan', 'total', 'main:flights:scan', 'total'],
    ['main:flights:mergeMap', 'per-state', 'main:flights:mergeMap[3]/tally', 'per-state[3]/tally'],
    ['main:flights:mergeMap', 'per-state', 'main:flights:mergeMap[3]:delay', 'per-state[3]:delay'],
    ['main:flights:scan', 'total', 'retry@1:flights:scan', 'retry@1/total'],
  ])('%s -> %s: %s becomes %s', (from, to, name, expected) => {
    expect(renamer(from, to)(name)).toBe(expected);
  });

  test.each([
    ['total', 'a/b'],
    ['total', ''],
    ['total', 'a:b'],
    ['per-state[*]/tally', 'other[*]/tally'],
    ['a[1', 'b'],
  ])('%j cannot become %j', (from, to) => {
    expect(() => renamer(from, to)).toThrow(RefusedEditError);
  });
});
