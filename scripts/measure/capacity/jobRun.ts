/** A job, simulated chunk by chunk: it is planned, answered by consumers of a queue, watched and joined. */
import { CHUNK_LIMITS } from '../../../edge/jobs/chunks.ts';
import { random } from '../../../shared/random.ts';

const MIB = 1024 * 1024;
/** Bytes that a step plans, and bytes of a part and parts of a step of joining: those of `edge/jobs`. */
const WINDOW = 64 * MIB;
const PART = 8 * MIB;
const PARTS_OF_STEP = 20;
/** Seconds between two looks at the answers: the first pause, its growth, and the longest. */
const LOOKS = { first: 0.25, growth: 1.1, longest: 30 } as const;
/** Seconds until a chunk that failed is delivered again. */
const AGAIN = 5;
/** Steps of any job: its record, the list of problems, two of the upload, its end, and tidying up. */
const OTHER_STEPS = 6;

/** A file of rows. */
export interface JobFile {
  readonly rows: number;
  /** Bytes of a row, and of its answer. */
  readonly rowBytes: number;
  readonly answerBytes: number;
}

/** Assumptions of the simulation. */
export interface JobAssumptions {
  /** Rows a second that one consumer answers. */
  readonly rowsPerSecond: number;
  /** Consumers at one time. */
  readonly consumers: number;
  /** Bytes a second of planning and of joining, which are one after the other. */
  readonly planned: number;
  readonly joined: number;
  /** Mean seconds from the sending of a message to its delivery. */
  readonly delivery: number;
  /** Standard deviation of the logarithm of the time for a chunk. */
  readonly spread: number;
  /** Share of the chunks that are delivered twice. */
  readonly repeated: number;
}

export interface SimulatedJob {
  readonly seconds: number;
  readonly chunks: number;
  /** Steps of the Workflow. */
  readonly steps: number;
  /** Messages delivered. */
  readonly deliveries: number;
  readonly looks: number;
  readonly windows: number;
  readonly parts: number;
}

/** Simulates a job. The same seed gives the same job. */
export function simulateJob(
  { rows, rowBytes, answerBytes }: JobFile,
  own: JobAssumptions,
  seed: number,
): SimulatedJob {
  const source = random(seed, 'capacity/job');
  const chunkRows = Math.max(1, Math.min(CHUNK_LIMITS.rows, Math.ceil(CHUNK_LIMITS.bytes / rowBytes)));
  const chunks = Math.ceil(rows / chunkRows);
  const windows = Math.ceil((rows * rowBytes) / WINDOW);
  const windowSeconds = (bytes: number) => bytes / own.planned;
  const planEnd = windowSeconds(rows * rowBytes);
  // A window is sent as a whole, once it is read.
  const sent = (chunk: number) =>
    Math.min(planEnd, windowSeconds(WINDOW * Math.ceil(((chunk + 1) * chunkRows * rowBytes) / WINDOW)));
  const exponential = (mean: number) => -mean * Math.log(1 - source.uniform());
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - source.uniform())) * Math.cos(2 * Math.PI * source.uniform());
  const free = new Float64Array(own.consumers);
  let [answered, deliveries] = [0, 0];
  for (let chunk = 0; chunk < chunks; chunk++) {
    const ownRows = Math.min(chunkRows, rows - chunk * chunkRows);
    let at = sent(chunk) + exponential(own.delivery);
    for (let isDone = false; !isDone; ) {
      const consumer = earliest(free);
      // The mean of the factor is 1.
      const factor = Math.exp(own.spread * normal() - own.spread ** 2 / 2);
      const end = Math.max(at, free[consumer]!) + (factor * ownRows) / own.rowsPerSecond;
      free[consumer] = end;
      answered = Math.max(answered, end);
      deliveries += 1;
      isDone = source.uniform() >= own.repeated;
      at = end + AGAIN;
    }
  }
  const { looks, seenAt } = watched(planEnd, answered);
  const bytes = rows * answerBytes;
  const parts = Math.ceil(bytes / PART);
  const steps = OTHER_STEPS + windows + 2 * looks + Math.ceil(parts / PARTS_OF_STEP);
  return { seconds: seenAt + bytes / own.joined, chunks, steps, deliveries, looks, windows, parts };
}

function earliest(free: Float64Array): number {
  let consumer = 0;
  for (let each = 1; each < free.length; each++) if (free[each]! < free[consumer]!) consumer = each;
  return consumer;
}

/** Returns the first look that finds all answers. */
function watched(planEnd: number, answered: number): { readonly looks: number; readonly seenAt: number } {
  let [seenAt, pause, looks] = [planEnd, LOOKS.first as number, 1];
  for (; seenAt < answered; looks++) {
    seenAt += pause;
    pause = Math.min(LOOKS.longest, LOOKS.growth * pause);
  }
  return { looks, seenAt };
}
