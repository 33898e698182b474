/** The table of models of other frameworks that are tested, from the index of the fixtures. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { PACKAGE_FOLDER } from '../../cli/places.ts';
import { code, markdownTable } from '../markdown.ts';

const Fixtures = z.array(
  z.object({
    name: z.string(),
    title: z.string(),
    framework: z.string(),
    exporter: z.string(),
    outputs: z.array(z.object({ role: z.string() })),
    decoder: z.string().optional(),
    refused: z.string().optional(),
  }),
);

/** What a role lets a model offer, with rows. */
const OFFERED: Readonly<Record<string, readonly string[]>> = {
  code: ['encode', 'reduce'],
  mean: ['encode', 'reduce'],
  reconstruction: ['reconstruct', 'score'],
  probabilities: ['predict'],
  prediction: ['predict'],
  score: ['predict'],
};

export function exportersTable(): string {
  const text = readFileSync(join(PACKAGE_FOLDER, 'test/fixtures/onnx/fixtures.json'), 'utf8');
  const fixtures = Fixtures.parse(JSON.parse(text));
  const decoders = new Set(fixtures.map(({ decoder }) => decoder));
  const rows = fixtures
    .filter(({ name }) => !decoders.has(name))
    .map(({ title, framework, exporter, outputs, decoder, refused }) => {
      const offered = new Set(outputs.flatMap(({ role }) => OFFERED[role] ?? []));
      if (decoder !== undefined) for (const each of ['decode', 'reconstruct', 'score']) offered.add(each);
      if (outputs.some(({ role }) => role === 'log_variance')) offered.add('sample');
      const offers = refused === undefined ? [...offered].map(code).join(', ') : `refused: ${refused}`;
      return [decoder === undefined ? title : `${title}, with its decoder`, framework, exporter, offers];
    });
  return markdownTable(['model', 'made by', 'exported by', 'offers'], rows);
}
