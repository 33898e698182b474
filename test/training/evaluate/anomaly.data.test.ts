import { it } from 'vitest';
import { realData } from '../../support/data/realData.ts';
import { expectLabelsUnseen } from '../../support/data/unseenLabels.ts';

it('a column of labels is not seen in cardio', async () => {
  await expectLabelsUnseen(realData('anomaly/cardio.csv'));
});
