import type { Epoch } from '../../fitting/fit.ts';
import { figure } from '../format.ts';
import { html } from '../html.ts';
import { LEARNING_LEGEND, learningCurves } from '../learningCurves.ts';
import type { Section } from '../section.ts';

export const learning: Section = {
  title: 'Training',
  render: async ({ history, manifest }) => {
    const best = history[manifest.training.bestEpoch - 1]!;
    const drawn = await learningCurves(description(best), { history, best: best.epoch, loss: 'loss' });
    return html`<p class="note">Loss per epoch. The weights are those of epoch ${best.epoch}, which has the lowest validation loss: ${figure(best.validation.loss)}.${manifest.graphs.recommend && " The validation loss covers only held-out items, a fifth of each user's: compare it between epochs, not with the training loss."}</p>
${LEARNING_LEGEND}${drawn}`;
  },
};

function description({ epoch, validation }: Epoch): string {
  return `Training and validation loss per epoch; the validation loss is lowest, ${figure(validation.loss)}, after epoch ${epoch}.`;
}
