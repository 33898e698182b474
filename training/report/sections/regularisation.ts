import { html } from '../html.ts';
import { learningCurves } from '../learningCurves.ts';
import type { Section } from '../section.ts';

export const regularisation: Section = {
  title: 'Regularisation',
  render: async ({ history, manifest }) => {
    const isUsed = history.some(
      ({ train, validation }) => train.regularisationLoss || validation.regularisationLoss,
    );
    if (!isUsed) return undefined;
    const drawn = await learningCurves(
      'The regularisation term of the loss per epoch, training and validation.',
      {
        history,
        best: manifest.training.bestEpoch,
        loss: 'regularisationLoss',
      },
    );
    return html`<p class="note">Regularisation term of the loss per epoch.</p>${drawn}`;
  },
};
