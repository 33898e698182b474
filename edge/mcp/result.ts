/** Answers of operations as results of tools. */
import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/server';
import { encode } from 'fast-png';
import { encodeBase64 } from 'hono/utils/encode';
import { type ImageValues, imageRowsOf } from '../../shared/imageRows.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { answeredFeatures, namedRow } from './namedRows.ts';

/** A row in raw units; null for one that has no answer. */
type Row = readonly number[] | null;

/** The media type of rows that are images, which stands in their place in `images`. */
export const IMAGE_TYPE = 'image/png';

/**
 * Returns an answer as `structuredContent`, as `outputSchema` describes it, and the same as JSON text for clients
 * that do not read it. Its rows are objects by feature name where features have names, and images after the text
 * where rows are images.
 */
export function resultOf(manifest: Manifest, answer: object): CallToolResult {
  const { rows, ...rest } = answer as { readonly rows?: readonly Row[] };
  if (rows === undefined) return structured(answer);
  const shape = imageRowsOf(manifest.features);
  if (shape === undefined) return structured({ ...rest, rows: rows.map((row) => named(manifest, row)) });
  const images = rows.flatMap((row) => (row === null ? [] : [imageOf(row, shape)]));
  return structured({ ...rest, images: rows.map((row) => (row === null ? null : IMAGE_TYPE)) }, images);
}

function structured(answer: object, images: readonly ContentBlock[] = []): CallToolResult {
  return {
    structuredContent: answer as NonNullable<CallToolResult['structuredContent']>,
    content: [{ type: 'text', text: JSON.stringify(answer) }, ...images],
  };
}

function named(manifest: Manifest, row: Row): unknown {
  const features = row === null ? undefined : answeredFeatures(manifest, row.length);
  return features === undefined ? row : namedRow(features, row!);
}

function imageOf(
  row: readonly number[],
  { height, width, channels, isChannelsFirst, white }: ImageValues,
): ContentBlock {
  const pixels = height * width;
  const [pixelStep, channelStep] = isChannelsFirst ? [1, pixels] : [channels, 1];
  const data = new Uint8Array(row.length);
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let channel = 0; channel < channels; channel++) {
      const value = row[pixel * pixelStep + channel * channelStep]!;
      data[pixel * channels + channel] = Math.round(Math.min(1, Math.max(0, value / white)) * 255);
    }
  const png = encode({ width, height, channels, data });
  return { type: 'image', data: encodeBase64(new Uint8Array(png).buffer), mimeType: IMAGE_TYPE };
}
