import { scaler } from './scaling.ts';

export const minMax = scaler('the training range to [0, 1]', (ascending) => {
  const [min, max] = [ascending[0]!, ascending.at(-1)!];
  return { shift: min, scale: max - min };
});
