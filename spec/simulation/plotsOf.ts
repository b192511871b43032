import type { Random } from '../../src/testing/random.js';
import { random as randomFrom } from '../../src/testing/random.js';
import { FileInput } from './FileInput.js';
import { JournaledPlot } from './JournaledPlot.js';
import { ListInput } from './ListInput.js';
import type { Plot } from './Plot.js';
import { RemotePlot, TimedPlot } from './Plot.js';
import type { PulledInput } from './PulledInput.js';
import { PulledPlot } from './PulledPlot.js';
import type { SimulatedPipeline } from './SimulatedPipeline.js';
import type { SourceSpec } from './SourceSpec.js';
import type { World } from './World.js';

/** What the pipelines of a world have to do, by their names. */
export function plotsOf(world: World): Map<string, Plot> {
  const plots = new Map<string, Plot>();
  world.pipelines.forEach((pipeline, i) => plots.set(`p${i}`, plotOf(`p${i}`, pipeline, { job: world, index: i })));
  return plots;
}

function plotOf(
  name: string,
  { uses, world, sources }: SimulatedPipeline,
  { job, index }: { readonly job: World; readonly index: number },
): Plot {
  const chain = uses.map(({ use }) => use);
  if (sources !== undefined) {
    const context = { random: randomFrom(job.decisions + index), isFaulty: job.isFaulty };
    return new PulledPlot(chain, () => sources.map((source, at) => inputOf(source, `${name}/${at}`, context)));
  }
  if (job.inputs === 'remote') return new RemotePlot(chain, world);
  if (job.inputs === 'journaled') return new JournaledPlot(name, chain, world);
  return new TimedPlot(chain, world, job.catchesUp, job.isShared);
}

function inputOf(
  source: SourceSpec,
  path: string,
  context: { readonly random: Random; readonly isFaulty: boolean },
): PulledInput {
  return source.kind === 'file' ? new FileInput(path, source, context) : new ListInput(source);
}
