import { LiveHandle } from '../../checkpoint/protocol/LiveHandle.js';
import { StoredError } from '../../checkpoint/protocol/StoredError.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A copy of snapshots in which job-wide serial numbers are ranks, of branches and of live Observables among all. Their order
 * is state, what they are is not: a restart may use up other ones. Timers come without: where the order of those of the same
 * time matters, it shows in what the pipeline emits. Errors come without their stacks.
 */
export function withRanks(states: Fields): Fields {
  const kinds = new Map<string, Set<number>>();
  copy(states, (kind, serial) => {
    const serials = kinds.get(kind) ?? new Set();
    kinds.set(kind, serials.add(serial));
  });
  const ranks = new Map([...kinds].map(([kind, serials]) => [kind, [...serials].sort((a, b) => a - b)]));
  return copy(states, (kind, serial) => ranks.get(kind)!.indexOf(serial)) as Fields;
}

type Rank = (kind: string, serial: number) => unknown;

function copy(value: unknown, rank: Rank): unknown {
  if (Array.isArray(value)) return value.map((item) => copy(item, rank));
  if (value instanceof LiveHandle) return { ...value, key: copy(value.key, rank), id: rank('live', value.id) };
  if (value instanceof StoredError) return { ...value, fields: copy({ ...value.fields, stack: undefined }, rank) };
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const fields = value as Fields;
  if (isTimer(fields)) return { ...fields, serial: undefined, payload: copy(fields.payload, rank) };
  const serial = serialOf(fields);
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      name === serial?.name ? rank(serial.kind, field as number) : copy(field, rank),
    ]),
  );
}

function isTimer(fields: Fields): boolean {
  return typeof fields.due === 'number' && typeof fields.serial === 'number' && 'payload' in fields;
}

/** Which field of the snapshot of a branch, a group or a window is its serial number. */
function serialOf(fields: Fields): { readonly name: string; readonly kind: string } | null {
  if (typeof fields.serial === 'number' && 'edge' in fields) return { name: 'serial', kind: 'branch' };
  return typeof fields.id === 'number' && 'branches' in fields ? { name: 'id', kind: 'live' } : null;
}
