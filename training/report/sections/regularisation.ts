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
    // Terms of training alone, for instance one that revives dead units.
    const isOfTraining = history.every(({ validation }) => validation.regularisationLoss === 0);
    const drawn = await learningCurves(
      `The regularisation term of the loss per epoch, training${isOfTraining ? '' : ' and validation'}.`,
      {
        history,
        best: manifest.training.bestEpoch,
        loss: 'regularisationLoss',
        ...(isOfTraining && { parts: ['train'] }),
      },
    );
    const note = isOfTraining ? ' It is added in training only: on validation rows it is 0.' : '';
    return html`<p class="note">Regularisation term of the loss per epoch.${note}</p>${drawn}`;
  },
};
