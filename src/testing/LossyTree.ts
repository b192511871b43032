import type { Random } from './random.js';

/** What decides between the outcomes of a crash: a generator, or what goes through all of them. */
export type Choices = Pick<Random, 'below'>;

export class LossyFile {
  constructor(
    public content: Uint8Array,
    /** What was synced last. */
    public synced: Uint8Array,
  ) {}
}

export class LossyDirectory {
  readonly entries: Map<string, LossyNode>;

  /** @param synced - the entries that are durable, whatever is pending. */
  constructor(readonly synced: Map<string, LossyNode> = new Map<string, LossyNode>()) {
    this.entries = new Map(synced);
  }
}

export type LossyNode = LossyFile | LossyDirectory;

/** What one call changes in one directory: the entry that a name has now, undefined for none. */
export interface EntryChange {
  readonly directory: LossyDirectory;
  readonly name: string;
  readonly node: LossyNode | undefined;
}

export interface LossyTreeOptions {
  /** Whether changes of directories survive in the order in which they were made, or any of them. */
  readonly isOrdered: boolean;
}

/** Directories and files, as processes see them and as a power failure would leave them. */
export class LossyTree {
  /** The changes of directories that are not durable, each all or nothing, the oldest first. */
  private pending: (readonly EntryChange[])[] = [];

  constructor(
    private readonly options: LossyTreeOptions,
    readonly root: LossyDirectory = new LossyDirectory(),
  ) {}

  change(...changes: readonly EntryChange[]): void {
    for (const { directory, name, node } of changes) setEntry(directory.entries, name, node);
    this.pending.push(changes);
  }

  sync(node: LossyNode): void {
    if (node instanceof LossyFile) node.synced = node.content;
    else this.syncDirectory(node);
  }

  private syncDirectory(directory: LossyDirectory): void {
    const left: (readonly EntryChange[])[] = [];
    for (const changes of this.pending) {
      if (changes.some((change) => change.directory === directory)) makeDurable(changes);
      else left.push(changes);
    }
    this.pending = left;
  }

  /** A tree that a power failure may leave of this one, which stays as it is. */
  survivor(choices: Choices): LossyTree {
    const survivors = new Map<LossyNode, LossyNode>();
    const durable = new Map<LossyDirectory, Map<string, LossyNode>>();
    const entriesOf = (directory: LossyDirectory): Map<string, LossyNode> => {
      if (!durable.has(directory)) durable.set(directory, new Map(directory.synced));
      return durable.get(directory)!;
    };
    for (const changes of this.survivingChanges(choices)) {
      for (const { directory, name, node } of changes) setEntry(entriesOf(directory), name, node);
    }
    const survivorOf = (node: LossyNode): LossyNode => {
      const known = survivors.get(node);
      if (known !== undefined) return known;
      const survivor = node instanceof LossyFile ? survivingFile(node, choices) : survivingDirectory(node);
      survivors.set(node, survivor);
      return survivor;
    };
    const survivingDirectory = (directory: LossyDirectory): LossyDirectory =>
      new LossyDirectory(new Map(Array.from(entriesOf(directory), ([name, node]) => [name, survivorOf(node)])));
    return new LossyTree(this.options, survivingDirectory(this.root));
  }

  private survivingChanges(choices: Choices): (readonly EntryChange[])[] {
    const { pending } = this;
    if (this.options.isOrdered) return pending.slice(0, choices.below(pending.length + 1));
    return pending.filter(() => choices.below(2) === 1);
  }
}

function setEntry(entries: Map<string, LossyNode>, name: string, node: LossyNode | undefined): void {
  if (node === undefined) entries.delete(name);
  else entries.set(name, node);
}

function makeDurable(changes: readonly EntryChange[]): void {
  for (const { directory, name, node } of changes) setEntry(directory.synced, name, node);
}

/** All that was not synced may be there, or nothing of it, or its beginning, alone or followed by zeros. */
function survivingFile({ content, synced }: LossyFile, choices: Choices): LossyFile {
  const survivor = content === synced ? synced : survivingContent(content, synced, choices);
  return new LossyFile(survivor, survivor);
}

function survivingContent(content: Uint8Array, synced: Uint8Array, choices: Choices): Uint8Array {
  switch (choices.below(4)) {
    case 0:
      return synced;
    case 1:
      return content;
    case 2:
      return content.slice(0, choices.below(content.length + 1));
    default:
      return content.slice().fill(0, choices.below(content.length + 1));
  }
}
