/** `npx tsx writeEvents.ts <folder>`: writes the event files that `readEvents.py` has TensorBoard read. */
import { tensorBoard } from '../../../training/fitting/tensorBoard.ts';
import { EVENT_HISTORY, eventClock } from '../training/eventHistory.ts';

const writer = tensorBoard(process.argv[2]!, eventClock());
writer.onStart(EVENT_HISTORY.slice(0, 2));
for (const epoch of EVENT_HISTORY.slice(2)) writer.onEpoch(epoch);
