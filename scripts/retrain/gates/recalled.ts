import { recallOf } from '../commands.ts';
import { timeText } from '../journal.ts';
import type { ModelGate } from './gate.ts';

/** Keeps a decision of a person: the same data and seed give the same version again, which they went back from. */
export const recalled: ModelGate = {
  summary: 'no command has gone back from this very version, unless a later one promoted it',
  remedy: 'wait for other rows, which make another version',
  acceptedIf: 'going back was a mistake',
  judge: ({ challenger: { version }, history }) => {
    const command = recallOf(history, version);
    return {
      passed: command === undefined,
      figures:
        command === undefined
          ? `no command has gone back from ${version}`
          : `${version} again, which a ${command.run} by hand left on ${timeText(command)}`,
    };
  },
};
