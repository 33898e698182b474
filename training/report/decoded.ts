/** Rows that a decoder makes of codes, for the figures of models whose codes can be drawn. */
import type { Matrix } from '../../shared/tensor.ts';
import { openNative } from '../engines/inference.ts';
import { imageShape, mosaic } from './images.ts';
import type { ReportSource } from './section.ts';

export interface Pictures {
  /** A picture of what the codes are decoded to, row by row, so many beside each other. */
  readonly ofCodes: (codes: Matrix, columns: number, condition?: Matrix) => Promise<string>;
}

/** Undefined for models whose codes are not a distribution, and whose rows are no pictures. */
export function generatedPictures({ manifest, evaluation, graphs }: ReportSource): Pictures | undefined {
  const { kind, range } = evaluation.target;
  const shape = imageShape(evaluation.target.shape);
  const isGaussian = manifest.graphs.encoder.outputs.some(({ name }) => name === 'log_variance');
  if (kind !== 'image' || !isGaussian) return undefined;
  return {
    ofCodes: async (codes, columns, condition) => {
      const others = condition && {
        data: condition.data,
        shape: [condition.rowCount, condition.width],
      };
      const decoder = await openNative(graphs.decoder);
      const { reconstruction } = await decoder.run(codes, new Map(others ? [['condition', others]] : []));
      await decoder.release();
      return mosaic(reconstruction!, shape, columns, range);
    },
  };
}
