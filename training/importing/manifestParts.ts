/** Parts of the manifest of an imported model. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import {
  FileDtype,
  type FileTensors,
  IMPORTED,
  type Prediction,
  type SomeGraphs,
} from '../../shared/manifest.ts';
import type { Column } from '../data/table.ts';
import { isRaw } from '../evaluate/outputs.ts';
import type { ExportedGraph } from '../graph/exportedGraph.ts';
import { ModelProto } from '../graph/schema.ts';
import { isInteger } from './elementTypes.ts';
import { answeredOutputs, PREDICTED } from './graphs.ts';
import { shown } from './names.ts';
import type { Understanding } from './understand.ts';

/** @throws {InputError} if there is another number of classes than of probabilities, or two of one name. */
export function predictionOf(
  { model, classes, sample }: Understanding,
  { predict }: SomeGraphs<ExportedGraph>,
  stated: readonly string[] | undefined,
): Prediction | undefined {
  if (predict === undefined) return undefined;
  const { output, role } = model.roles.find((each) => PREDICTED.includes(each.role))!;
  const target = sample.labels?.name ?? sample.target?.name ?? output.name.slice(0, LONGEST_NAME);
  const described = { target, predictor: IMPORTED };
  if (role !== 'probabilities') return described;
  const names = stated ?? classes.get(output.name) ?? Array.from({ length: output.width! }, (_, i) => `${i}`);
  const [source, advice] = stated
    ? ['--classes', '']
    : ['the classes in the graph', '; --classes gives others'];
  if (names.length !== output.width) {
    throw new InputError(
      `${source}: expected ${output.width} names, one per probability, received ${names.length}: ${names
        .slice(0, 20)
        .map((name) => shown(name))
        .join(', ')}${advice}`,
    );
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new InputError(`${source}: expected distinct names, received '${shown(twice)}' twice${advice}`);
  return { ...described, classes: [...names] };
}

const LONGEST_NAME = 200;

/** Returns the inputs of the file that rows hold, and the outputs that are answered, in the order of the file. */
export function fileTensors({ model, decoder }: Understanding): FileTensors {
  const inputs = model.layout.varying.map(({ input, sizes }): FileTensors['inputs'][number] => ({
    name: input.name,
    dtype: FileDtype.parse(input.type),
    shape: ['N', ...sizes],
  }));
  const answered = answeredOutputs(model, decoder).toSorted(
    (a, b) => model.roles.indexOf(a.choice) - model.roles.indexOf(b.choice),
  );
  const outputs = answered.map(({ choice: { output }, ...source }): FileTensors['outputs'][number] => ({
    name: output.name,
    dtype: isInteger(output.type) ? 'int64' : 'float32',
    // Without sizes, the exporter has lost them.
    shape: ['N', ...(output.sizes ?? [output.width!])],
    ...source,
  }));
  return { inputs, outputs };
}

/** Returns what stands for the settings of a run. */
export function configOf({ foreign, decoder, model }: Understanding): Record<string, unknown> {
  return {
    file: basename(foreign.source),
    producer: foreign.producer,
    opsets: foreign.opsets,
    roles: Object.fromEntries(
      model.roles.map(({ output, role }) => [output.name.slice(0, LONGEST_NAME), role]),
    ),
    ...(decoder && { decoder: basename(decoder.source) }),
  };
}

/** The hash of the rows; of the model itself, if they were drawn. */
export function fingerprintOf({ foreign, sample: { rows, source } }: Understanding): string {
  const hash = createHash('sha256');
  if (source === undefined) hash.update(ModelProto.encode(foreign.proto).finish());
  else if (isRaw(rows)) hash.update(JSON.stringify(rows.table.columns.map(columnText)));
  else hash.update(new Uint8Array(rows.data.buffer, rows.data.byteOffset, rows.data.byteLength));
  return hash.digest('hex');
}

function columnText(column: Column): unknown {
  return column.type === 'category'
    ? [column.name, column.categories, Array.from(column.codes)]
    : [column.name, Array.from(column.values)];
}
