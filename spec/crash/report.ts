/** What the child process tells its parent, each in a line of its own, as it happens. */
export type Report =
  /** The restore is done, and the pipeline opens now. The first report of every run that gets so far. */
  | { readonly type: 'open' }
  /** A value passed `seen(source)`: how many there have been before it. */
  | { readonly type: 'seen'; readonly source: string; readonly index: number }
  | { readonly type: 'checkpoint'; readonly id: number }
  | { readonly type: 'value'; readonly pipeline: string; readonly value: unknown }
  | { readonly type: 'complete'; readonly pipeline: string }
  /** A pipeline ended with an error, a checkpoint failed, or something is not as it has to be. */
  | { readonly type: 'problem'; readonly code: string; readonly message: string };
