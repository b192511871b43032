import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { Seated } from '../../../src/checkpoint/protocol/Roster.js';
import { Roster } from '../../../src/checkpoint/protocol/Roster.js';

class Guest implements Seated {
  seat = -1;

  constructor(readonly name: number) {}
}

const guests = (count: number): Guest[] => Array.from({ length: count }, (_, name) => new Guest(name));

describe('a roster', () => {
  test('has whom a Set would have, in the same order', () => {
    const step = fc.record({ comes: fc.boolean(), who: fc.nat(199) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 600, size: 'max' }), (steps) => {
        const all = guests(200);
        const roster = new Roster<Guest>();
        const set = new Set<Guest>();
        const answers = steps.map(({ comes, who }) => {
          const guest = all[who]!;
          if (comes) return [roster.add(guest) === undefined, set.add(guest) === set];
          return [roster.delete(guest), set.delete(guest)];
        });
        expect(answers.map(([ours]) => ours)).toEqual(answers.map(([, sets]) => sets));
        expect([...roster]).toEqual([...set]);
        expect(roster.size).toBe(set.size);
        expect(all.filter((guest) => roster.has(guest))).toEqual(all.filter((guest) => set.has(guest)));
      }),
      { numRuns: 300 },
    );
  });

  test('that most have left while it is walked gives those who are still there, once each', () => {
    const all = guests(200);
    const roster = new Roster<Guest>();
    for (const guest of all) roster.add(guest);
    const seen: number[] = [];
    for (const { name } of roster) {
      seen.push(name);
      // The ranks are closed in between.
      if (name === 10) for (const guest of all.slice(5, 190)) roster.delete(guest);
    }
    expect(seen).toEqual([...Array(11).keys(), ...Array.from({ length: 10 }, (_, i) => 190 + i)]);
    expect(roster.size).toBe(15);
  });

  test('does not grow by those who come and go', () => {
    const roster = new Roster<Guest>();
    const first = new Guest(-1);
    roster.add(first);
    const all = guests(10_000);
    // Each leaves when two more have come.
    all.forEach((guest, i) => {
      roster.add(guest);
      if (i >= 2) roster.delete(all[i - 2]!);
    });
    expect([...roster]).toEqual([first, ...all.slice(-2)]);
    expect(Math.max(...all.map(({ seat }) => seat))).toBeLessThan(100);
  });

  test('takes no one for a member whose seat another one has', () => {
    const [mine, theirs] = [new Roster<Guest>(), new Roster<Guest>()];
    const [guest, other] = [new Guest(0), new Guest(1)];
    mine.add(guest);
    theirs.add(other);
    expect(mine.has(other)).toBe(false);
    expect(mine.delete(other)).toBe(false);
    expect([...mine]).toEqual([guest]);
  });
});
