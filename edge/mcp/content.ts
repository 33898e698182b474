/** Answers of operations as the content of a tool's result. */
import type { ContentBlock } from '@modelcontextprotocol/server';
import { encode } from 'fast-png';
import { encodeBase64 } from 'hono/utils/encode';
import { type ImageRows, imageRowsOf } from '../../shared/imageRows.ts';
import type { Manifest } from '../../shared/manifest.ts';

/** A row in raw units; null for one that has no answer. */
type Row = readonly number[] | null;

/**
 * Returns an answer as JSON text. Its rows are objects by feature name where features have names, and images
 * after the text where rows are images.
 */
export function contentOf(manifest: Manifest, answer: object): ContentBlock[] {
  const { rows, ...rest } = answer as { readonly rows?: readonly Row[] };
  if (rows === undefined) return [text(answer)];
  const shape = imageRowsOf(manifest.features);
  if (shape === undefined) return [text({ ...rest, rows: rows.map((row) => named(manifest, row)) })];
  const images = rows.flatMap((row) => (row === null ? [] : [imageOf(row, shape)]));
  return [text({ ...rest, images: rows.map((row) => (row === null ? null : 'image/png')) }), ...images];
}

function text(value: unknown): ContentBlock {
  return { type: 'text', text: JSON.stringify(value) };
}

/** Returns the values by feature name; a category has the probability of each of its values. */
function named({ features: { names, columns } }: Manifest, row: Row): unknown {
  if (row === null || names === null) return row;
  const categories = names.map((_, position) => {
    const column = columns?.[position];
    return column?.type === 'category' ? column.categories : undefined;
  });
  const width = categories.reduce((sum, each) => sum + (each?.length ?? 1), 0);
  // Some graphs answer a part of a row, or more than it.
  if (width !== row.length) return row;
  let at = 0;
  const next = (): number => row[at++]!;
  return Object.fromEntries(
    names.map((name, position) => {
      const each = categories[position];
      return [name, each ? Object.fromEntries(each.map((category) => [category, next()])) : next()];
    }),
  );
}

function imageOf(
  row: readonly number[],
  { height, width, channels, isChannelsFirst }: ImageRows,
): ContentBlock {
  const pixels = height * width;
  const [pixelStep, channelStep] = isChannelsFirst ? [1, pixels] : [channels, 1];
  const data = new Uint8Array(row.length);
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let channel = 0; channel < channels; channel++) {
      const value = row[pixel * pixelStep + channel * channelStep]!;
      data[pixel * channels + channel] = Math.round(Math.min(1, Math.max(0, value)) * 255);
    }
  const png = encode({ width, height, channels, data });
  return { type: 'image', data: encodeBase64(new Uint8Array(png).buffer), mimeType: 'image/png' };
}
