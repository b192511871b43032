/** An array of no more is shifted as it is, which is quicker. */
const FEW = 16;

/** A queue whose `shift` stays cheap when it is long, which an array's does not. */
export class Fifo<T> {
  private items: T[];
  private head = 0;

  constructor(items: readonly T[] = []) {
    this.items = [...items];
  }

  get length(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    this.items.push(item);
  }

  /** The oldest; not to be called on an empty one. */
  shift(): T {
    if (this.head === 0 && this.items.length <= FEW) return this.items.shift() as T;
    const item = this.items[this.head] as T;
    this.items[this.head++] = undefined as T;
    if (this.head > 1_024 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }

  toArray(): T[] {
    return this.items.slice(this.head);
  }
}
