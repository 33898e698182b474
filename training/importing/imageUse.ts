/** Whether requests to an imported model may hold images as PNG, whose values are divided by 255. */
import type { ImageLayout } from '../../shared/features.ts';
import { isRaw } from '../evaluate/outputs.ts';
import { isInteger } from './elementTypes.ts';
import { inputImage } from './imageOrder.ts';
import type { InputLayout } from './inputLayout.ts';
import { shown } from './names.ts';
import type { SampleRows } from './sampleRows.ts';

export interface ImageUse {
  /** Axes of the input; null if the model takes no PNG. */
  readonly layout: ImageLayout | null;
  /** The decision with its reason, for people; undefined for inputs that are no images by their shape. */
  readonly note?: string;
}

/** Height and width below which two axes are those of a sequence. */
const FEWEST_PIXELS = 4;

const HINT = '; to take PNG, put what the model expects of its values into the graph';

/**
 * Judges an input by its shape and type, and by the values of the rows. Without rows, inputs with an axis of 1 or 3
 * channels are assumed to be images with values in [0, 1], and those of two axes, which may be sequences, are not.
 */
export function imageUse(
  inputs: InputLayout,
  { rows, source }: Pick<SampleRows, 'rows' | 'source'>,
): ImageUse {
  const image = inputImage(inputs);
  if (image === undefined || isRaw(rows)) return { layout: null };
  const { input, layout, height, width, channels, isChannelsFirst } = image;
  const isDrawn = source === undefined;
  const isSequence = layout === 'HW' && (isDrawn || Math.min(height, width) < FEWEST_PIXELS);
  if (isSequence) return { layout: null };
  if (isInteger(input.type))
    return refused(
      `input '${shown(input.name)}' is ${input.type}, and values of PNG are divided by 255${HINT}`,
    );
  const [least, most] = isDrawn ? [0, 1] : rangeOf(rows.data);
  if (least < 0 || most > 1) {
    if (layout === 'HW') return { layout: null };
    const range = `from ${Number(least.toPrecision(3))} to ${Number(most.toPrecision(3))}`;
    return refused(`the rows have values ${range}, and those of PNG are divided by 255, to [0, 1]${HINT}`);
  }
  const kind = channels === 1 ? 'grey' : `RGB with channels ${isChannelsFirst ? 'first' : 'last'}`;
  const reason = isDrawn
    ? 'assumed, since no rows were given; --rows with images as the model takes them checks it'
    : 'the range of the rows';
  return {
    layout,
    note: `PNG: taken, as image/png of ${width} x ${height} pixels, ${kind}; values are divided by 255, to [0, 1] (${reason})`,
  };
}

function refused(reason: string): ImageUse {
  return { layout: null, note: `PNG: not taken, since ${reason}` };
}

function rangeOf(values: Float32Array): [least: number, most: number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}
