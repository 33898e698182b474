import type { Epoch } from '../../fitting/fit.ts';
import { figure } from '../format.ts';
import { html } from '../html.ts';
import { learningCurves } from '../learningCurves.ts';
import type { Section } from '../section.ts';

export const learning: Section = {
  title: 'Training',
  render: async ({ history, manifest }) => {
    const best = history[manifest.training.bestEpoch - 1]!;
    // The validation loss of a recommender covers only held-out items.
    const differ = manifest.graphs.recommend !== undefined;
    const drawn = await learningCurves(description(best), {
      ...{ history, best: best.epoch, loss: 'loss' as const },
      differ,
    });
    return html`<p class="note">Loss per epoch. The weights are those of epoch ${best.epoch}, which has the lowest validation loss: ${figure(best.validation.loss)}.${differ ? HELD_OUT_ITEMS : undefined}</p>
${drawn}`;
  },
};

const HELD_OUT_ITEMS =
  " The validation loss covers only held-out items, a fifth of each user's: compare it between epochs, not with the training loss.";

function description({ epoch, validation }: Epoch): string {
  return `Training and validation loss per epoch; the validation loss is lowest, ${figure(validation.loss)}, after epoch ${epoch}.`;
}
