/** What the kills of one pipeline, or of all, came to. */
export class Figures {
  /** Killed before its end was reported, and later runs had records to read that none had read before. */
  kills = 0;
  /** Of these: before the restore was done. */
  killsDuringStart = 0;
  /** Of these: the run before had been killed during its start as well. */
  killsInSuccession = 0;
  /** Killed so late that all had been read, or the end was reported: they do not count as kills. */
  killsAroundTheEnd = 0;
  /** Runs that were restored from a checkpoint and opened. */
  restores = 0;
  /** By each restored run that was not killed before it had read anything. */
  readonly readAgain: number[] = [];

  add(other: Figures): void {
    this.kills += other.kills;
    this.killsDuringStart += other.killsDuringStart;
    this.killsInSuccession += other.killsInSuccession;
    this.killsAroundTheEnd += other.killsAroundTheEnd;
    this.restores += other.restores;
    this.readAgain.push(...other.readAgain);
  }

  summary(): string {
    const { kills, killsDuringStart, killsInSuccession, killsAroundTheEnd, restores } = this;
    const sorted = [...this.readAgain].sort((a, b) => a - b);
    const at = (part: number): number => sorted[Math.round((sorted.length - 1) * part)] ?? 0;
    return (
      `${kills} kills (${killsDuringStart} during the start, ${killsInSuccession} of them twice in succession), ` +
      `${killsAroundTheEnd} more around the end; ${restores} restores, ` +
      `records read again: min ${at(0)}, median ${at(0.5)}, max ${at(1)}`
    );
  }
}
