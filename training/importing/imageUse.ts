/** Whether requests to an imported model may hold images as PNG, and which values their pixels have. */
import type { ImageLayout } from '../../shared/features.ts';
import { isRaw } from '../evaluate/outputs.ts';
import { inputImage, knownWhite, NARROW, type White } from './imageOrder.ts';
import type { InputLayout } from './inputLayout.ts';
import { shown } from './names.ts';
import type { SampleRows } from './sampleRows.ts';

export interface ImageUse {
  /** Axes of the input; null if the model takes no PNG. */
  readonly layout: ImageLayout | null;
  /** The value of a white pixel. */
  readonly white: White;
  /** The decision with its reason, for people; undefined for inputs that are no images by their shape. */
  readonly note?: string;
}

/** Height and width below which two axes are those of a sequence. */
const FEWEST_PIXELS = 4;

const HINT = '; to take PNG, put what the model expects of its values into the graph';

/**
 * Judges an input by its shape and type, and by the values of the rows. Without rows, inputs with an axis of 1 or 3
 * channels are assumed to be images, and those of two axes, which may be sequences, are not.
 * @param stated The value of white, if the user said it.
 */
export function imageUse(
  inputs: InputLayout,
  { rows, source }: Pick<SampleRows, 'rows' | 'source'>,
  stated: White | undefined,
): ImageUse {
  const image = inputImage(inputs);
  if (image === undefined || isRaw(rows)) return NONE;
  const { input, layout, height, width, channels, isChannelsFirst } = image;
  const isDrawn = source === undefined;
  const isSequence = layout === 'HW' && (isDrawn || Math.min(height, width) < FEWEST_PIXELS);
  if (isSequence) return NONE;
  if (NARROW.includes(input.type)) return refused(`input '${shown(input.name)}' is ${input.type}${HINT}`);
  const [least, most] = isDrawn ? [0, 0] : rangeOf(rows.data);
  const known = knownWhite(input, stated);
  // Series of small numbers have two axes, too.
  const white = known ?? (most > 1 && layout !== 'HW' ? 255 : 1);
  if (least < 0 || most > white) {
    if (layout === 'HW') return NONE;
    const range = `from ${Number(least.toPrecision(3))} to ${Number(most.toPrecision(3))}`;
    return refused(`the rows have values ${range}, and those of PNG become 0 to ${white}${HINT}`);
  }
  const kind = channels === 1 ? 'grey' : `RGB with channels ${isChannelsFirst ? 'first' : 'last'}`;
  const values =
    white === 1 ? 'values are divided by 255, to [0, 1]' : 'values are those of the file, 0 to 255';
  return {
    ...{ layout, white },
    note: `PNG: taken, as image/png of ${width} x ${height} pixels, ${kind}; ${values} (${reason()})`,
  };

  function reason(): string {
    if (stated !== undefined) return '--white';
    if (known !== undefined) return `the input is ${input.type}; --white 1 divides them by 255`;
    if (!isDrawn) return 'the range of the rows; --white says otherwise';
    return 'assumed, since no rows were given; --rows with images as the model takes them checks it, and --white 255 keeps the values of the file';
  }
}

const NONE: ImageUse = { layout: null, white: 1 };

function refused(reason: string): ImageUse {
  return { ...NONE, note: `PNG: not taken, since ${reason}` };
}

function rangeOf(values: Float32Array): [least: number, most: number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}
