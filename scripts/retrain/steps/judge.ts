import { challengerOf, inspectedChampion } from '../context.ts';
import { dataInput } from '../gates/inspectData.ts';
import { judgeAll, requirePassed, verdictLine } from '../gates/judging.ts';
import { MODEL_GATES } from '../gates/registry.ts';
import { writeReport } from '../report/retrainingReport.ts';
import type { RetrainStep } from './step.ts';

export const judge: RetrainStep = {
  summary: 'checks the challenger by every gate',
  run: async (run, state) => {
    const { prepared, options, history, print } = run;
    const { limits, allowBreaking } = options;
    const { manifest: challenger } = await challengerOf(run, state);
    const at = Date.now();
    const inspected = await inspectedChampion(run, state, at);
    const champion = inspected?.manifest;
    const { comparison = {} } = state;
    const input = { challenger, champion, comparison, prepared, history, limits, allowBreaking };
    const judged = await judgeAll(MODEL_GATES, input, options);
    for (const each of judged) print(verdictLine(each));
    const data = dataInput(prepared.data, inspected, undefined, at);
    await writeReport(run, [...(state.dataVerdicts ?? []), ...judged], data);
    requirePassed(judged, run.command);
    return { modelVerdicts: judged };
  },
};
