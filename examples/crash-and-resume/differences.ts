/** The paths of all fields in which two reports differ; `fields` counts those that were compared. */
export function differences(a: unknown, b: unknown): { readonly fields: number; readonly paths: readonly string[] } {
  const paths: string[] = [];
  let fields = 0;
  const compare = (x: unknown, y: unknown, path: string): void => {
    if (!isContainer(x) || !isContainer(y)) {
      fields++;
      if (!Object.is(x, y)) paths.push(path);
      return;
    }
    for (const key of new Set([...Object.keys(x), ...Object.keys(y)])) {
      compare(x[key], y[key], path === '' ? key : `${path}.${key}`);
    }
  };
  compare(a, b, '');
  return { fields, paths };
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
