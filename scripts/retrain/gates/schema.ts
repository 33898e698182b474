import { imageRowsOf } from '../../../shared/imageRows.ts';
import type { FileTensors, Manifest } from '../../../shared/manifest.ts';
import type { VersionGate } from './gate.ts';

/** Ensures that clients of the champion keep working with the challenger. */
export const schema: VersionGate = {
  summary:
    'the same features, images, code size, prediction, tensors of an imported file and operations, or more operations; --allow-breaking accepts changes',
  acceptedIf: 'its clients are ready for that',
  acceptedBy: '--allow-breaking',
  judge: ({ challenger, champion, allowBreaking }) => {
    if (champion === undefined) return undefined;
    const breaks = breaking(champion, challenger);
    if (breaks.length === 0) return { passed: true, figures: 'the same, or more operations' };
    return { passed: allowBreaking, figures: `${breaks.join('; ')}${allowBreaking ? ' (allowed)' : ''}` };
  },
};

function breaking(champion: Manifest, challenger: Manifest): string[] {
  const lost = champion.operations.filter((operation) => !challenger.operations.includes(operation));
  const parts = [
    // The catalogue of a recommender may change: clients name items by id.
    ['features', (each: Manifest) => isRecommender(each) || (each.features.names ?? each.features.count)],
    ['types of features', (each: Manifest) => each.features.columns?.map(({ type }) => type)],
    // Models that took no PNG may begin to.
    ['images', (each: Manifest) => imageRowsOf(champion.features) && imageRowsOf(each.features)],
    ['numbers in a code', (each: Manifest) => each.codeSize],
    ['prediction', ({ prediction }: Manifest) => prediction && [prediction.target, prediction.classes]],
    ['condition', (each: Manifest) => each.condition],
    // By these names /v2 takes and answers imported models.
    ['tensors of the file', (each: Manifest) => champion.file && knownTensors(each.file, champion.file)],
  ] as const;
  const changed = parts.flatMap(([what, read]) => {
    const [old, now] = [JSON.stringify(read(champion)) ?? 'none', JSON.stringify(read(challenger)) ?? 'none'];
    return old === now ? [] : [`${what}: ${short(old)} became ${short(now)}`];
  });
  return [...changed, ...(lost.length > 0 ? [`no longer offers ${lost.join(', ')}`] : [])];
}

function isRecommender({ graphs }: Manifest): boolean {
  return graphs.recommend !== undefined;
}

/** Returns the inputs and, by their names, the outputs of a file that clients of another one know. */
function knownTensors(file: FileTensors | undefined, known: FileTensors): unknown {
  const outputs = known.outputs.map(({ name }) => {
    const { dtype, shape } = file?.outputs.find((each) => each.name === name) ?? {};
    return { name, dtype, shape };
  });
  return file && [file.inputs, outputs];
}

function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
