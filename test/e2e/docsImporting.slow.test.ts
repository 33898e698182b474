/** The commands of the page on models from elsewhere, on a model that PyTorch exported. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { start } from '../support/commands/cli.ts';
import { type Check, newReader, PAGES, testCommands } from '../support/commands/docs.ts';
import { FIXTURES_FOLDER } from '../support/graphs/fixtures.ts';

const { folder, sh } = newReader();

/** Files of the page, and the fixtures that stand for them. */
const FILES = {
  'encoder.onnx': 'torch-mlp-dynamo.onnx',
  'decoder.onnx': 'torch-mlp-decoder.onnx',
  'machines.csv': 'machines.csv',
};
for (const [name, fixture] of Object.entries(FILES))
  copyFileSync(join(FIXTURES_FOLDER, fixture), join(folder, name));

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
  },
  'npm run import -- encoder.onnx --decoder decoder.onnx --name pairs --rows machines.csv': async (
    command,
  ) => {
    expect((await sh(command)).stdout).toMatch(
      /encode, reduce, decode, reconstruct, score, interpolate, traverse/,
    );
  },
  'npm run publish -- artifacts/machines --target local': async (command) => {
    expect((await sh(command)).stdout).toMatch(/machines\/aliases\.json: production [0-9a-f]{12}/);
  },
};

testCommands(PAGES.importing, (command) => COMMANDS[command]);
