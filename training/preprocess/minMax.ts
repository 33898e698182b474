import { type Scaler, scaleBy } from './scaling.ts';

export const minMax: Scaler = {
  summary: 'scales the range of the training rows to [0, 1]',
  ...scaleBy((ascending) => {
    const [min, max] = [ascending[0]!, ascending.at(-1)!];
    return { shift: min, scale: max - min };
  }),
};
