export function count(value: number): string {
  return value.toLocaleString('en-US');
}

export function dollars(value: number): string {
  return `$${count(value)}`;
}

export function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}
