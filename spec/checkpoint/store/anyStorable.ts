import fc from 'fast-check';

const leaf = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, NaN, Infinity, -Infinity, -0, 0, true, false, '', '\ud800', '__proto__'),
  fc.double(),
  fc.bigInt(),
  fc.string({ unit: 'binary' }),
  fc.date({ noInvalidDate: false }),
  fc.uint8Array(),
  fc.float64Array({ maxLength: 3 }),
  fc.constantFrom(/a/, /[\]/"<]/gimsuy),
);

/** A random tree, of which random parts are then made to refer to each other: cycles and shared references. */
export const anyStorable: fc.Arbitrary<unknown> = fc
  .tuple(
    fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4, depthSize: 'small' },
        leaf,
        fc.array(tie('value')),
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          tie('value'),
        ),
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          tie('value'),
          { noNullPrototype: false },
        ),
        fc.uniqueArray(tie('value')).map((items) => new Set(items)),
        fc.array(fc.tuple(tie('value'), tie('value'))).map((entries) => new Map(entries)),
        fc.sparseArray(tie('value')),
      ),
    })).value,
    fc.array(fc.tuple(fc.nat(), fc.nat())),
  )
  .map(([root, links]) => {
    const nodes = containersIn(root);
    for (const [from, to] of links) {
      const node = nodes[from % nodes.length];
      const target = nodes[to % nodes.length];
      if (Array.isArray(node)) node.push(target);
      else if (node instanceof Map) node.set(target, target);
      else if (node instanceof Set) node.add(target);
    }
    return root;
  });

function containersIn(value: unknown, found: object[] = []): object[] {
  if (typeof value !== 'object' || value === null || found.includes(value)) return found;
  if (value instanceof Map) {
    found.push(value);
    for (const pair of value) pair.forEach((part) => containersIn(part, found));
  } else if (value instanceof Set) {
    found.push(value);
    for (const item of value) containersIn(item, found);
  } else if (Array.isArray(value)) {
    found.push(value);
    value.forEach((item) => containersIn(item, found));
  } else if (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null) {
    found.push(value);
    Object.values(value).forEach((item) => containersIn(item, found));
  }
  return found;
}
