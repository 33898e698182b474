import { decisionLines } from '../../cli/preparedRun.ts';
import { inspectedChampion } from '../context.ts';
import { dataInput, usualRowsOf } from '../gates/inspectData.ts';
import { judgeAll, requirePassed, verdictLine } from '../gates/judging.ts';
import { DATA_GATES } from '../gates/registry.ts';
import { frozenLine, newestTimes } from '../newestTimes.ts';
import { writeReport } from '../report/retrainingReport.ts';
import type { RetrainStep } from './step.ts';

export const inspect: RetrainStep = {
  summary: "checks the data, against the champion's if there is one, before anything is trained on it",
  run: async (run, state) => {
    const { prepared, history, options, print } = run;
    const at = Date.now();
    const champion = await inspectedChampion(run, state, at);
    if (champion !== undefined && champion.profile === undefined)
      print(
        'the champion has no profile of its data, as versions of earlier releases: its columns are not compared',
      );
    const usual = usualRowsOf(history, champion);
    const input = dataInput(prepared.data, champion, usual, at, options.fromProduction !== undefined);
    const newest = newestTimes(input.columns);
    const frozen = frozenLine(newest, history);
    if (frozen !== undefined) print(frozen);
    const accept = [...options.accept, ...(options.allowBreaking ? ['columns'] : [])];
    const judged = await judgeAll(DATA_GATES, input, { ...options, accept });
    for (const each of judged) print(verdictLine(each));
    await writeReport(run, judged, input);
    // Otherwise training prints how the columns were read.
    if (!judged.every(({ passed }) => passed)) for (const line of decisionLines(prepared.data)) print(line);
    requirePassed(judged, run.command);
    return { rows: input.now.rows, newest, dataVerdicts: judged };
  },
};
