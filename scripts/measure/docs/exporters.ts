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
    operations: z.array(z.string()),
    decoder: z.string().optional(),
    refused: z.string().optional(),
  }),
);

export function exportersTable(): string {
  const text = readFileSync(join(PACKAGE_FOLDER, 'test/fixtures/onnx/fixtures.json'), 'utf8');
  const fixtures = Fixtures.parse(JSON.parse(text));
  const decoders = new Set(fixtures.map(({ decoder }) => decoder));
  const rows = fixtures
    .filter(({ name }) => !decoders.has(name))
    .map(({ title, framework, exporter, operations, decoder, refused }) => {
      const offered = operations.filter((each) => each !== 'infer').map(code);
      const offers = refused === undefined ? offered.join(', ') : `refused: ${refused}`;
      return [decoder === undefined ? title : `${title}, with its decoder`, framework, exporter, offers];
    });
  return markdownTable(['model', 'made by', 'exported by', 'offers'], rows);
}
