import type { Subscriber } from 'rxjs';

import type { Barrier, Participant } from '../../checkpoint/protocol/Participant.js';
import type { Region } from '../../checkpoint/protocol/Region.js';
import type { Run } from '../../checkpoint/protocol/Run.js';
import type { Scope } from '../../checkpoint/protocol/Scope.js';
import type { Snapshot } from '../../checkpoint/protocol/Snapshot.js';
import type { MapState, Migration, Upgrade } from '../../checkpoint/protocol/Upgrade.js';

/** What stands at the end of an edge in a job: a subscriber that takes barriers too. */
export interface Consumer<T> extends Subscriber<T> {
  barrier(barrier: Barrier): void;
}

/** What an operator can say to what it has connected to: hold on, I have more than I can take. */
export interface Upstream {
  /** Sources above emit no more until as many `resume` have come. A record on its way still arrives. */
  pause(): void;
  resume(): void;
}

/** The place of one subscription of an operator or source in a running job. Outside of a job there is none. */
export interface Site {
  readonly run: Run;
  readonly scope: Scope;
  /** Unique in the job: the uid, or a structural name. */
  readonly name: string;
  /** The name within the scope. */
  readonly localName: string;
  /**
   * What structural names begin with here in that scope. By the plan: of a shared node that stands in several places, whoever
   * reaches it first.
   */
  prefixIn(scope: Scope): string;
  /** Undefined when the name is a structural one. */
  readonly uid: string | undefined;
  /** How it finds what an older program has stored of it; null for most. */
  readonly upgrade: Upgrade | null;
  /** Which input of which participant takes what leaves here: tells the branches of a shared stream apart. */
  readonly edge: string;
  /** Where it is. */
  readonly region: Region;
  /** Itself. */
  readonly sourceSite: Site;
  /** What stands here is a shared part that anybody can lead to. */
  noteUse(): void;
  /** Makes the participant part of the job and hands it its snapshot, if it is to be restored. */
  register(participant: Participant): Snapshot | undefined;
  /** Connects static input `index`, so that it emits into `dest` once it opens. */
  connectInput(index: number, dest: Subscriber<never>): Upstream | null;
  /** For an input that is done: connects what still lives above it (a group may outlive its consumer). */
  connectDead(index: number): void;
  /** Connects static input `index` once more, for one of several attempts. */
  connectAttempt(index: number, scope: Scope, dest: Subscriber<never>): Upstream | null;
  connectDeadAttempt(index: number, scope: Scope): void;
  /** Connects a pipeline that came up at run time. */
  connectInner(node: Node, scope: Scope, dest: Subscriber<never>): Upstream | null;
  connectDeadInner(node: Node, scope: Scope): void;
}

/** What an operator or a source is in the graph, before anything subscribes. */
export interface Definition<T> {
  /** The operator's name in RxJS. */
  readonly operator: string;
  readonly inputs: readonly Node[];
  /** Whether it takes part in checkpoints. */
  readonly isStateful: boolean;
  /** Set by `uid()`. */
  readonly uid?: string | undefined;
  /** Set by `uid()`: what it was called before, and the version of its state. */
  readonly upgrade?: UidUpgrade | undefined;
  /** Of an operator whose state is a user's: reaches it in a snapshot, for migrations. */
  readonly mapState?: MapState | null;
  /** For nodes of which there is one instance in a job: what tells them apart, the same for all copies of a definition. */
  readonly shared?: SharedKey | undefined;
  /**
   * Whether it emits all that it has while it is subscribed, and ends, needing nothing of a job meanwhile. Within a turn
   * no barrier can come to it then, so what is projected to it need not take part.
   */
  readonly endsAtOnce?: boolean;
  /** Whether several may listen to one instance of it, so that it matters in a turn when each of them joins. */
  readonly isJoined?: boolean;
  /** Whether what subscribing to it throws is thrown, as by what stands for nothing of its own: it catches the rest itself. */
  readonly throwsOut?: boolean;
  /** What it emits, if that is all that it does. */
  readonly items?: ArrayLike<unknown> | null;
  /** Whether it ends at once or not depends on what a user's function gives, so that it has to be tried. */
  readonly mayEndAtOnce?: boolean;
  /**
   * Within a turn subscribes as outside of a job. Null if that has done it all, else what has to go on as a part of the
   * job: the same node, which knows what has happened.
   */
  tryAtOnce?(dest: Tried<T>, node: Node): Node | null;
  /** Whether parts of it can live on after its consumer has left, and so may have to be restored without one. */
  readonly outlivesConsumer?: boolean;
  /** Told when a pipeline that has it in its graph is given to a job. */
  readonly enterJob?: () => void;
  /** Subscribes: in a job connects to its inputs through the site, outside (null) subscribes to them. */
  connect(dest: Subscriber<T>, site: Site | null): Upstream | null;
}

/** The end of an inner pipeline that is tried. */
export interface Tried<T> extends Subscriber<T> {
  /** Of the inner pipeline. Made when somebody asks. */
  readonly scope: Scope;
}

/** What `uid()` says of earlier programs. */
export interface UidUpgrade {
  readonly was: readonly string[];
  readonly version: number;
  readonly migration: Migration | null;
}

export interface SharedKey {
  /** The dynamic part of a job in whose projection the node was constructed; null when it was before. */
  readonly constructedIn: Scope | null;
}

/** A `CheckpointedObservable`, as the base's lower parts see it, or what a projection returned in place of one. */
export interface Node {
  readonly definition: Definition<never>;
  /** What it has come to stand for, once somebody asked; null before. */
  plan: Plan | null;
}

/** A static graph with a name for each subscription in it. Names are relative to the scope that it will run in. */
export interface Plan {
  readonly definition: Definition<never>;
  /** The uid, or the structural name. */
  readonly localName: string;
  /** The uid of the shared node whose part it is: the next one below. Null for what the pipeline has for itself. */
  readonly sharedAs: string | null;
  readonly inputs: readonly Plan[];
  readonly upgrade: Upgrade | null;
}
