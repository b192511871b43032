/**
 * The large states that participants handed over last, frozen all the way down: of the next version only what is new is
 * visited. They are in the newest checkpoint as well, so that keeping them takes no memory.
 */
export class FormerStates {
  /** Who is handing over. */
  owner: object | null = null;
  private readonly states = new WeakMap<object, Map<string, object>>();

  /** @param path - names the state among those of its owner. */
  get(path: string): object | undefined {
    return this.owner === null ? undefined : this.states.get(this.owner)?.get(path);
  }

  /** @param state - undefined if there is nothing worth keeping. */
  set(path: string, state: object | undefined): void {
    const { owner } = this;
    if (owner === null) return;
    const known = this.states.get(owner);
    if (state === undefined) known?.delete(path);
    else if (known === undefined) this.states.set(owner, new Map([[path, state]]));
    else known.set(path, state);
  }
}
