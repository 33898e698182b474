/** Units of a sparse code, named by the texts that activate them most. */
import type { PartTexts } from '../../data/rowNames.ts';
import type { ExportedGraph } from '../../graph/exportedGraph.ts';
import { type GraphRows, outputBatches } from '../outputs.ts';
import type { Evaluation } from './evaluation.ts';
import { rounded } from './rounding.ts';
import { shortText } from './shortText.ts';

type Units = NonNullable<Evaluation['units']>;

/** Rows per run of the graph. */
const BATCH = 256;
/** Most units that are named, and texts for each. */
const MOST_NAMED = 1024;
const TEXTS = 5;

/** Rows that activate a unit most, descending, and how many do at all. */
interface Activated {
  count: number;
  readonly rows: number[];
  readonly values: number[];
}

/** Encodes the rows and returns which units they activate. */
export async function unitsOf(
  { model, outputs }: Pick<ExportedGraph, 'model' | 'outputs'>,
  rows: GraphRows,
  texts: PartTexts | undefined,
): Promise<Units> {
  const { name, shape } = outputs[0]!;
  const width = shape[1] as number;
  const units = Array.from({ length: width }, (): Activated => ({ count: 0, rows: [], values: [] }));
  let row = 0;
  for await (const { outputs: answered } of outputBatches(model, rows, BATCH)) {
    const values = answered[name]!;
    for (let i = 0; i < values.length; i++)
      if (values[i] !== 0) keep(units[i % width]!, row + Math.floor(i / width), values[i]!);
    row += values.length / width;
  }
  const used = [...units.entries()].filter(([, { count }]) => count > 0);
  const counted = { rows: row, dead: width - used.length };
  if (texts === undefined) return { ...counted, named: [] };
  const mostUsed = used.sort(([, a], [, b]) => b.count - a.count).slice(0, MOST_NAMED);
  const named = mostUsed.map(([unit, { count, rows: most }]) => ({
    unit,
    share: rounded(count / row, 3)!,
    texts: [...new Set(most.map((each) => shortText(texts.train(each))))],
  }));
  return { ...counted, named };
}

/** Counts an activation, and keeps its row while it is among the largest. */
function keep(unit: Activated, row: number, value: number): void {
  const { rows, values } = unit;
  unit.count++;
  if (values.length === TEXTS && value <= values.at(-1)!) return;
  const at = values.findIndex((each) => each < value);
  const place = at === -1 ? values.length : at;
  rows.splice(place, 0, row);
  values.splice(place, 0, value);
  rows.length = Math.min(TEXTS, rows.length);
  values.length = rows.length;
}
