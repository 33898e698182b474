import { describe, expect, it } from 'vitest';
import { InputError } from '../../../shared/errors.ts';
import { exportGraphs } from '../../../training/artifact/exportGraphs.ts';
import { variablesOf } from '../../../training/graph/traverse.ts';
import { input } from '../../../training/graph/value.ts';
import type { Autoencoder, Variant } from '../../../training/models/model.ts';
import { VARIANTS, type VariantName } from '../../../training/models/registry.ts';
import { resolveSettings } from '../../../training/settings.ts';

function build(
  name: VariantName,
  settings: Record<string, unknown>,
  rowShape: readonly number[],
): Autoencoder {
  const variant: Variant = VARIANTS[name];
  const features = rowShape.reduce((product, size) => product * size, 1);
  return variant.build(resolveSettings(name, settings).model, features, 1, rowShape);
}

async function exported(model: Autoencoder, features: number): Promise<Uint8Array[]> {
  const rows = input('rows', ['N', features]);
  const variables = variablesOf([model.decode(model.encode(rows))]);
  const graphs = await exportGraphs(
    model,
    features,
    new Map(variables.map((each) => [each.name, each.initial])),
  );
  return [graphs.encoder.model, graphs.decoder.model, graphs.autoencoder.model];
}

const WITH_FILTERS = (Object.keys(VARIANTS) as VariantName[]).filter(
  (name) => 'filters' in VARIANTS[name].config.shape,
);

describe.each(WITH_FILTERS)('variant %s with convolutions', (name) => {
  it('rejects rows that are not images', () => {
    const building = () => build(name, { filters: [2] }, [12]);
    expect(building).toThrow(InputError);
    expect(building).toThrow(
      "setting 'filters' needs images, rows of shape [height, width] or [height, width, channels]; received rows of shape [12]; leave filters empty for dense layers",
    );
  });

  it('encodes images of any size and number of channels, and decodes to rows', () => {
    const model = build(name, { filters: [3, 2], hidden: [5], codeSize: 4, stride: 2 }, [5, 3, 2]);
    const code = model.encode(input('rows', ['N', 30]));
    expect([code.shape, model.decode(code).shape]).toEqual([
      ['N', 4],
      ['N', 30],
    ]);
  });
});

it('every variant with dense layers has convolutions too, except variants whose rows are items', () => {
  const dense = (Object.keys(VARIANTS) as VariantName[]).filter(
    (name) => 'decoderHidden' in VARIANTS[name].config.shape && name !== 'recommender',
  );
  expect(WITH_FILTERS).toEqual(dense);
});

it('the convolutional variant is the undercomplete variant with other defaults', async () => {
  const convolutional = build('convolutional', {}, [7, 5]);
  const settings = { filters: [16, 8], hidden: [], codeSize: 32 };
  const undercomplete = build('undercomplete', settings, [7, 5]);
  expect(await exported(convolutional, 35)).toEqual(await exported(undercomplete, 35));
});

describe('settings that exclude each other are rejected', () => {
  const cases: [VariantName, Record<string, unknown>, string][] = [
    [
      'undercomplete',
      { tiedWeights: true, filters: [2] },
      "settings 'tiedWeights' and 'filters' exclude each other",
    ],
    [
      'convolutional',
      { codeSize: null, hidden: [3] },
      "leave out 'hidden' and 'decoderHidden', or set a width",
    ],
    [
      'convolutional',
      { codeSize: null, decoderHidden: [3] },
      "setting 'codeSize': null uses the feature maps as the code",
    ],
    [
      'contractive',
      { normalization: 'batch' },
      'setting \'normalization\': Invalid option: expected one of "none"|"layer"; received "batch"',
    ],
    ['sparse', { dropout: 1 }, "setting 'dropout': Too big: expected number to be <1; received 1"],
  ];
  it.each(cases)('%s: %j', (name, settings, message) => {
    const building = () => build(name, settings, [4, 4]);
    expect(building).toThrow(InputError);
    expect(building).toThrow(message);
  });
});
