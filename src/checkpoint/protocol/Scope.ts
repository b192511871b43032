import type { Region } from './Region.js';

/** What has a name, which need not be made before somebody asks. */
export interface Named {
  readonly name: string;
}

/** A participant that is in use by nobody, and stays for who may come from within its scope. */
export interface Resting {
  /** Nobody will. */
  leaveForGood(): void;
}

/**
 * A part of the job that comes and goes as a whole, and in which names are unique: a pipeline, the inner pipeline of a
 * value, an attempt of `retry`. It counts who is registered in it, because a part may outlive the reason it was made
 * for (a group that was handed out lives on when the inner pipeline that made it was left).
 */
export class Scope {
  /** How many participants are registered here or in a scope within. */
  population = 0;
  /** Called when the last participant has left. */
  onDeserted: (() => void) | null = null;
  /** Of the participants, those that stay for others. */
  private resting: Set<Resting> | null = null;
  private isAbandoned = false;

  private constructor(
    // Null until somebody asks: most inner pipelines end before.
    private uids: string | null,
    private structural: string | null,
    /** The operator in which it is, or of which it is an attempt. */
    private readonly owner: Named,
    private readonly index: number | string,
    readonly region: Region,
    readonly parent: Scope | null,
    /** Whether this is one of several runs of the same static part, see `home`. */
    private readonly isAttempt: boolean,
    /** Of an attempt: what structural names begin with in the first one, if that is not as without the operator. */
    private readonly firstPrefix: string | null = null,
  ) {}

  /** What a uid in this scope is prefixed with to be unique in the job. */
  get uidPrefix(): string {
    return (this.uids ??= this.isFirstAttempt ? this.parent!.uidPrefix : `${this.path}/`);
  }

  /** The same for structural names. They differ, so that a uid can never be mistaken for one. */
  get structuralPrefix(): string {
    return (this.structural ??= this.isFirstAttempt
      ? (this.firstPrefix ?? this.parent!.structuralPrefix)
      : `${this.path}:`);
  }

  /** The same for what is one in all attempts: as in the first. */
  get homeStructuralPrefix(): string {
    const { parent } = this;
    if (!this.isAttempt || parent === null) return this.structuralPrefix;
    return this.firstPrefix ?? parent.homeStructuralPrefix;
  }

  /** Of an attempt also what tells it apart as an input of its operator. */
  get path(): string {
    const { owner, index, isAttempt } = this;
    return isAttempt ? `${owner.name}@${index}` : `${owner.name}[${index}]`;
  }

  private get isFirstAttempt(): boolean {
    return this.isAttempt && this.index === 0;
  }

  static ofPipeline(name: string, region: Region): Scope {
    return new Scope('', `${name}:`, { name }, 0, region, null, false);
  }

  /** The scope of the inner pipeline number `index` of the operator `owner`. */
  inner(owner: Named, index: number | string): Scope {
    return new Scope(null, null, owner, index, this.region, this, false);
  }

  /**
   * The scope of attempt `attempt` of what stands above the operator `owner`. The first one is named as if there was
   * no such operator, so that adding `retry` to a pipeline keeps its state.
   */
  attempt(owner: Named, attempt: number, region: Region = this.region): Scope {
    return new Scope(null, null, owner, attempt, region, this, true);
  }

  /** Of a shared node without a uid, where names begin with `prefix`: what is above it is named as if there was no such node. */
  ofShared(owner: Named, prefix: string, region: Region): Scope {
    return new Scope(null, null, owner, 0, region, this, true, prefix);
  }

  /**
   * The same above a shared node with a uid. Several pipelines may use it, and whichever comes first connects it: so what is
   * above has names that are the same for all of them.
   */
  attemptAbove(owner: Named, attempt: number, region: Region): Scope {
    return new Scope(null, null, owner, attempt, region, this, true, structuralPrefixOf(owner.name));
  }

  /** The scope that a shared node in here belongs to: it is the same node in every attempt. */
  get home(): Scope {
    return this.isAttempt && this.parent !== null ? this.parent.home : this;
  }

  enter(): void {
    this.population++;
    this.parent?.enter();
  }

  leave(): void {
    if (--this.population === 0) this.onDeserted?.();
    else if (this.isAbandoned) this.dismissResting();
    this.parent?.leave();
  }

  /** The reason that it was made for is gone. What lives on in here does, but not for the sake of what rests. */
  abandon(): void {
    this.isAbandoned = true;
    this.dismissResting();
  }

  /** Told of a participant whenever it begins or ceases to rest. */
  rests(part: Resting, isResting: boolean): void {
    if (!isResting) this.resting?.delete(part);
    else {
      (this.resting ??= new Set()).add(part);
      if (this.isAbandoned) this.dismissResting();
    }
  }

  private dismissResting(): void {
    const { resting } = this;
    if (resting === null || resting.size < this.population) return;
    this.resting = null;
    for (const part of resting) part.leaveForGood();
  }
}

/** What structural names above a shared node of that name begin with. */
export function structuralPrefixOf(shared: string): string {
  return `${shared}@0:`;
}
