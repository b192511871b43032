/** A part of which there is one in a job, however many pipelines use it. */
export interface SharedPart {
  readonly name: string;
  /** All of the pipeline is connected: if it does not use the part by now, it does not any more. */
  pipelineBack(pipeline: string): void;
  /** Who waits for whom at this part; null if nobody does. */
  readonly waiting: { readonly users: readonly string[]; readonly missing: readonly string[] } | null;
}
