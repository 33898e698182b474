import { printAside } from '../cli/printable.ts';
import { reasonOf } from './reason.ts';
import type { Target } from './targets/target.ts';

/** Notes what is in production from now on, where that is kept next to the store. */
export async function notePromoted(
  { promotedHere }: Pick<Target, 'promotedHere'>,
  model: string,
  version: string,
): Promise<void> {
  await promotedHere?.note(model, version).catch((error: unknown) => {
    printAside(`warning: a bucket that is lost would not be noticed: ${reasonOf(error)}`);
  });
}
