/** A part of which there is one in a job, however many pipelines use it. */
export interface SharedPart {
  readonly name: string;
  /** All of the pipeline is connected: if it does not use the part by now, it does not any more. */
  pipelineBack(pipeline: string): void;
  /** Whom it waits for, if it is used by this pipeline. */
  awaitedBy(pipeline: string): Iterable<string>;
}
