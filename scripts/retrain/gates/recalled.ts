import { recallOf } from '../commands.ts';
import { lastPromoted } from '../historyLines.ts';
import { timeText } from '../journal.ts';
import type { ModelGate } from './gate.ts';

/** Keeps a decision of a person: the same data and seed give the same version again, which they went back from. */
export const recalled: ModelGate = {
  summary: 'no command has gone back from this very version, unless a later one promoted it',
  remedy: 'wait for other rows, which make another version',
  acceptedIf: 'going back was a mistake',
  judge: ({ challenger: { version }, champion, history }) => {
    const command = recallOf(history, version);
    if (command !== undefined)
      return {
        passed: false,
        figures: `${version} again, which a ${command.run} by hand left on ${timeText(command)}`,
      };
    // By a command that was killed before it could record that, or by another program.
    const isLeft =
      champion !== undefined && champion.version !== version && lastPromoted(history) === version;
    return {
      passed: !isLeft,
      figures: isLeft
        ? `${version} again, which the history names as the last one in production, where ${champion.version} is`
        : `no command has gone back from ${version}`,
    };
  },
};
