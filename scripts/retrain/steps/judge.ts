import { join } from 'node:path';
import { GateError } from '../../../shared/errors.ts';
import { versionFolder } from '../../cli/candidates.ts';
import { challengerOf, championOf } from '../context.ts';
import type { Gate, GateInput } from '../gates/gate.ts';
import { GATES } from '../gates/registry.ts';
import type { RetrainStep } from './step.ts';

export const judge: RetrainStep = {
  summary: 'checks every gate',
  run: async (run, state) => {
    const { limits, allowBreaking } = run.options;
    const input: GateInput = {
      challenger: (await challengerOf(run, state)).manifest,
      champion: (await championOf(run, state))?.manifest,
      comparison: state.comparison,
      prepared: run.prepared,
      limits,
      allowBreaking,
    };
    const refused: string[] = [];
    for (const [name, gate] of Object.entries(GATES) as [string, Gate][]) {
      const verdict = await gate.judge(input, limits[name] ?? gate.limit ?? 0);
      if (verdict === undefined) continue;
      run.print(`gate ${name.padEnd(9)} ${verdict.passed ? 'passed ' : 'REFUSED'} ${verdict.figures}`);
      if (!verdict.passed) refused.push(`${name} (${verdict.figures})`);
    }
    run.print(
      `report: ${join(versionFolder(run.options.out, run.model, input.challenger.version), 'report.html')}`,
    );
    if (refused.length > 0) throw new GateError(`refused by ${refused.join(' and ')}`);
    return {};
  },
};
