/** The models of the demo. */
import type { Trained } from '../../training/train.ts';
import { trainRecipe } from '../cli/training.ts';

/** The first is the one that the demo queries and measures; the codes of the other can be walked over. */
export const DEMO_RECIPES = ['digits', 'digits-vae'] as const;

/** Trains them one after the other. One that was interrupted is the last. */
export async function trainDemo(out: string, print: (line: string) => void): Promise<Trained[]> {
  const models: Trained[] = [];
  for (const recipe of DEMO_RECIPES) {
    const trained = await trainRecipe(recipe, { out, engine: 'onnxruntime', seed: 1, set: [] }, print);
    models.push(trained);
    if (trained.fit.interrupted) break;
  }
  return models;
}
