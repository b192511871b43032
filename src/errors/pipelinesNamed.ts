/** For messages: `pipeline a`, or `pipelines a, b`. */
export function pipelinesNamed(names: readonly string[]): string {
  return `pipeline${names.length === 1 ? '' : 's'} ${names.join(', ')}`;
}
