/** The commands of the page on models from elsewhere, on a model that PyTorch exported. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { expect } from 'vitest';
import { openNative } from '../../training/engines/inference.ts';
import { start } from '../support/commands/cli.ts';
import {
  blocksOf,
  type Check,
  DOCUMENTED_URL,
  newReader,
  PAGES,
  testCommands,
} from '../support/commands/docs.ts';
import { FIXTURES_FOLDER } from '../support/graphs/fixtures.ts';
import { onnxModel } from '../support/training/onnxModel.ts';

const { folder, sh } = newReader();

/** Files of the page, and the fixtures that stand for them. */
const FILES = {
  'encoder.onnx': 'torch-mlp-dynamo.onnx',
  'decoder.onnx': 'torch-mlp-decoder.onnx',
  'machines.csv': 'machines.csv',
};
for (const [name, fixture] of Object.entries(FILES))
  copyFileSync(join(FIXTURES_FOLDER, fixture), join(folder, name));

/** An encoder of RGB images, with channels first. */
const SIZE = 24;
const PICTURES = onnxModel({
  inputs: { image: ['batch', 3, SIZE, SIZE] },
  outputs: { code: ['batch', 4] },
  weights: {
    kernel: { shape: [4, 3, 3, 3], data: Array.from({ length: 108 }, (_, i) => ((i * 7) % 11) - 5) },
  },
  nodes: [
    ['Conv', ['image', 'kernel'], ['maps'], { strides: [2, 2] }],
    ['Relu', ['maps'], ['positive']],
    ['GlobalAveragePool', ['positive'], ['means']],
    ['Flatten', ['means'], ['code'], { axis: 1 }],
  ],
});
writeFileSync(join(folder, 'pictures.onnx'), PICTURES);

const INFER = `curl ${DOCUMENTED_URL}v2/models/machines/infer -d '{"inputs":[{"name":"readings","datatype":"FP32","shape":[1,8],"data":[57.22,2.874,41.72,7.687,0.3491,10.71,231.9,1409]}]}'`;

/** Bytes of the image of a number: all of red, then green, then blue. */
function pixelsByChannel(image: number): number[] {
  return Array.from({ length: 3 * SIZE * SIZE }, (_, i) => (i * i * image + 31 * i) % 256);
}

mkdirSync(join(folder, 'pictures'));
for (const image of [1, 2, 3, 4]) {
  const values = pixelsByChannel(image);
  const data = Uint8Array.from(values, (_, i) => values[(i % 3) * SIZE * SIZE + Math.floor(i / 3)]!);
  const file = join(folder, 'pictures', `${image === 4 ? 'b' : 'a'}${image}.png`);
  writeFileSync(file, encode({ width: SIZE, height: SIZE, channels: 3, data }));
}

const CURL = `curl -H 'Content-Type: image/png' --data-binary @pictures/a1.png ${DOCUMENTED_URL}v1/models/pics/encode`;

const COMMANDS: Readonly<Record<string, Check>> = {
  'npm run import -- encoder.onnx --name machines --rows machines.csv': async (command) => {
    const { stdout } = await sh(command);
    expect(stdout).toMatch(/│ code +│ float32 │ \[N, 3\] +│ code +│ its name, code │/);
    expect(stdout).toMatch(/│ operations +│ encode, reduce +│/);
  },
  'npm run serve -- artifacts/machines': async (command) => {
    const [, flags] = command.split(' -- ') as [string, string];
    const serving = start('serve', [flags, '--port', '0', '--runtime', 'stock'], folder);
    const stdout = await serving.saw('press Ctrl-C to stop');
    serving.process.kill('SIGINT');
    await serving.finished;
    expect(stdout).toMatch(/machines@[0-9a-f]{12}: imported, 8 features, code of 3; encode, reduce/);
    const [request] = blocksOf(PAGES.importing[0]).filter(({ text }) => text.startsWith('curl'));
    const lines = request!.text.split('\n').map((line) => line.trim());
    for (const line of lines) expect(stdout.replace(/:\d+\/v1/, ':8787/v1')).toContain(line);
  },
  'npm run import -- encoder.onnx --decoder decoder.onnx --name pairs --rows machines.csv': async (
    command,
  ) => {
    const { stdout } = await sh(command);
    expect(stdout).toMatch(/encode, reduce, decode, reconstruct, score, interpolate, traverse/);
    expect(stdout).toMatch(
      /│ score +│ the mean of the errors of the columns, .* % of the rows \(--contamination\)/,
    );
  },
  [INFER]: async () => {
    const serving = start('serve', ['artifacts/machines', '--port', '0', '--runtime', 'stock'], folder);
    const [, url] = /(http:\/\/127\.0\.0\.1:\d+)\/v1/.exec(await serving.saw('press Ctrl-C to stop'))!;
    const { stdout } = await sh(INFER.replace(DOCUMENTED_URL.slice(0, -1), url!));
    serving.process.kill('SIGINT');
    await serving.finished;
    const { outputs } = JSON.parse(stdout);
    const session = await openNative(readFileSync(join(folder, 'encoder.onnx')));
    const data = Float32Array.of(57.22, 2.874, 41.72, 7.687, 0.3491, 10.71, 231.9, 1409);
    const { code } = await session.runTensors({ readings: { dtype: 'float32', shape: [1, 8], data } });
    await session.release();
    expect(outputs).toEqual([{ name: 'code', datatype: 'FP32', shape: [1, 3], data: expect.anything() }]);
    for (const [i, value] of Array.from(code!.data, Number).entries())
      expect(outputs[0].data[i]).toBeCloseTo(value, 5);
  },
  "npm run import -- pictures.onnx --name pics --rows 'pictures/a*.png'": async (command) => {
    const { stdout } = await sh(command);
    const [printed] = blocksOf(PAGES.importing[0]).filter(({ text }) => text.startsWith('pictures/'));
    for (const line of printed!.text.split('\n')) expect(stdout).toContain(line);
  },
  [CURL]: async () => {
    const serving = start('serve', ['artifacts/pics', '--port', '0', '--runtime', 'stock'], folder);
    const printed = await serving.saw('press Ctrl-C to stop');
    const [, url] = /(http:\/\/127\.0\.0\.1:\d+)\/v1/.exec(printed)!;
    const ask = async (command: string) => JSON.parse((await sh(command)).stdout) as { codes: number[][] };
    const { codes } = await ask(CURL.replace(DOCUMENTED_URL.slice(0, -1), url!));
    // Printed by `serve`, with the first of the known rows, which is the same image.
    const asJson = await ask(printed.slice(printed.indexOf('  node -p'), printed.indexOf('  with a PNG')));
    serving.process.kill('SIGINT');
    await serving.finished;
    const session = await openNative(readFileSync(join(folder, 'pictures.onnx')));
    const data = Float32Array.from(pixelsByChannel(1), (value) => value / 255);
    const outputs = await session.runTensors({
      image: { dtype: 'float32', shape: [1, 3, SIZE, SIZE], data },
    });
    await session.release();
    for (const [i, value] of Array.from(outputs.code!.data, Number).entries()) {
      expect(codes[0]![i]).toBeCloseTo(value, 5);
      expect(asJson.codes[0]![i]).toBeCloseTo(value, 5);
    }
  },
  'npm run publish -- artifacts/machines --target local': async (command) => {
    expect((await sh(command)).stdout).toMatch(/machines\/aliases\.json: production [0-9a-f]{12}/);
  },
};

testCommands(PAGES.importing, (command) => COMMANDS[command]);
