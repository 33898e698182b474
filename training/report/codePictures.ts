/** Pictures of decoded codes, for models whose codes can be sampled. */
import type { Matrix } from '../../shared/tensor.ts';
import { openNative } from '../engines/inference.ts';
import { imageShape, mosaic } from './images.ts';
import type { ReportSource } from './section.ts';

export interface CodePictures {
  /**
   * Decodes the codes and arranges the images row by row, in the given number of columns; returns a data URI.
   */
  readonly ofCodes: (codes: Matrix, columns: number, condition?: Matrix) => Promise<string>;
}

/** Returns undefined unless the model is variational and its rows are images. */
export function generatedPictures({ manifest, evaluation, graphs }: ReportSource): CodePictures | undefined {
  const { kind, range } = evaluation.target;
  const shape = imageShape(evaluation.target.shape);
  const isGaussian = manifest.graphs.encoder.outputs.some(({ name }) => name === 'log_variance');
  if (kind !== 'image' || !isGaussian) return undefined;
  return {
    ofCodes: async (codes, columns, condition) => {
      const conditionFeed = condition && {
        data: condition.data,
        shape: [condition.rowCount, condition.width],
      };
      const decoder = await openNative(graphs.decoder);
      const { reconstruction } = await decoder.run(
        codes,
        new Map(conditionFeed ? [['condition', conditionFeed]] : []),
      );
      await decoder.release();
      return mosaic(reconstruction!, shape, columns, range);
    },
  };
}
