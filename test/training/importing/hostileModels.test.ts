/** Models that were made to break what reads them: each is refused, or does no harm. */
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { describedTensors } from '../../../training/importing/describe.ts';
import type { HostileGraph } from '../../support/graphs/hostile/hostileGraph.ts';
import { HOSTILE_GRAPHS } from '../../support/graphs/hostileGraphs.ts';
import { modelFile, understood } from '../../support/training/foreignModels.ts';

/** Those that are run in a process of their own are tested with the command. */
const HARMLESS = HOSTILE_GRAPHS.filter(({ onnxruntime }) => ['refuses', 'answers'].includes(onnxruntime));

/** Names that a runtime cannot take are no problem: those of the artifact are others. */
const RENAMED = ['prototype-names', 'nul-names'];

/** A terminal would obey these. */
const CONTROL = /\p{Cc}/u;

function written({ bytes, files = {} }: HostileGraph): string {
  const path = modelFile(bytes);
  for (const [name, data] of Object.entries(files)) {
    // A file name that no file system takes cannot be in the folder.
    if (!name.includes('\0')) writeFileSync(join(dirname(path), name), data);
  }
  return path;
}

const named = (graphs: readonly HostileGraph[]) => graphs.map((each) => [each.name, each] as const);
const isRefused = ({ name, isRefused: refused }: HostileGraph) => refused && !RENAMED.includes(name);

it.each(named(HARMLESS.filter(isRefused)))('refuses %s', async (_, graph) => {
  const path = written(graph);
  const refused = understood(graph.bytes, { path });
  await expect(refused).rejects.toMatchObject({ name: 'InputError' });
  const { message } = (await refused.catch((error: unknown) => error)) as Error;
  expect(message.length).toBeLessThan(1000);
  expect(message).not.toMatch(CONTROL);
  expect(existsSync(join(dirname(path), 'artifacts'))).toBe(false);
});

it.each(named(HARMLESS.filter((graph) => !isRefused(graph))))(
  'understands or refuses %s',
  async (_, graph) => {
    const path = written(graph);
    const outcome = await understood(graph.bytes, { path }).then(
      (understanding) => {
        expect(JSON.parse(JSON.stringify(describedTensors(understanding)))).not.toContainEqual(
          expect.objectContaining({ name: expect.stringMatching(CONTROL) }),
        );
        return understanding.model.roles[0]!.role;
      },
      (error: Error) => error.name,
    );
    expect(['code', 'InputError']).toContain(outcome);
  },
);
