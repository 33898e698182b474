import { type ImageShape, valueAt } from '../model.ts';

/**
 * Reads a picture from the reader's disk as a row, scaled to the model's size. A picture that is mostly bright is
 * inverted for models of one channel whose rows are mostly dark, as scans of handwriting are.
 * @throws {Error} if the browser cannot read it.
 */
export async function readPicture(
  file: Blob,
  shape: ImageShape,
  isDark: boolean,
): Promise<{ row: number[]; inverted: boolean }> {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Error('This file is no picture that the browser can read: expected PNG, JPEG, WebP or GIF.');
  });
  const { width, height, channels, low, high } = shape;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  // The whole picture, centred, with its own proportions.
  const scale = Math.min(width / bitmap.width, height / bitmap.height);
  const [w, h] = [bitmap.width * scale, bitmap.height * scale];
  // Its corner stands for what is around it.
  context.drawImage(bitmap, 0, 0, 1, 1, 0, 0, width, height);
  context.drawImage(bitmap, (width - w) / 2, (height - h) / 2, w, h);
  const { data } = context.getImageData(0, 0, width, height);
  const shares = new Array<number>(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [red, green, blue] = data.subarray(4 * pixel, 4 * pixel + 3) as unknown as [number, number, number];
    const grey = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
    for (let channel = 0; channel < channels; channel++)
      shares[valueAt(shape, pixel, channel)] = (channels === 1 ? grey : data[4 * pixel + channel]!) / 255;
  }
  const inverted =
    channels === 1 && isDark && shares.reduce((sum, share) => sum + share, 0) > shares.length / 2;
  const row = shares.map((share) => low + (inverted ? 1 - share : share) * (high - low));
  return { row, inverted };
}
