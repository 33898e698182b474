/** Runs on this machine without `npm run serve`: each starts a Worker of its own on the same bucket. */
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runScript, start } from '../support/commands/cli.ts';
import { pressCtrlC } from '../support/commands/terminal.ts';
import { keptFolder } from '../support/data/data.ts';
import { WEATHER_SETTINGS, weatherRows, writeWeather } from '../support/data/weather.ts';

const folder = keptFolder();

const retrain = (day: number, flags: readonly string[] = [], settings = WEATHER_SETTINGS) => {
  const path = writeWeather(join(folder, `${day}.csv`), weatherRows(day));
  const own = ['rain', '--data', path, '--threads', '1', '--gate', 'mse:9', 'familiar:50'];
  return start('retrain', [...own, ...flags, '--set', ...settings], folder);
};

it('two at once: one waits for the other, and commands do not', async () => {
  const [first, second] = [retrain(1), retrain(2)];
  const oneSays = (text: string) => Promise.any([first, second].map((each) => each.saw(text)));
  await Promise.all([oneSays('waiting for process'), oneSays('validation')]);
  expect((await runScript('deploy', ['--status', '--target', 'local'], folder)).code).toBe(0);
  const ended = await Promise.all([first.finished, second.finished]);
  expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
});

it('says what it does before each part that takes a while', async () => {
  const flags = ['--canary', '10', '--watch', '12', '--few-answers', 'promote'];
  const { code, stdout } = await retrain(6, flags).finished;
  expect(code).toBe(0);
  const lines = [
    'starting a Worker on the bucket of this machine\n',
    '\nserving: http',
    '\nreading the version in production, and the data\n',
    '\nfor up to 12 s, or until canary and production have each given ',
    ' answers to clients\n10 of 12 s: canary 0, production 0 answers to clients so far\n',
  ];
  const places = lines.map((line) => stdout.indexOf(line));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
});

describe('Ctrl-C in a terminal, which reaches workerd, too', () => {
  it.each([
    ['training', 'validation', ['epochs=20000', 'patience=20000'], []],
    ['a canary', 'watch:', [], ['--canary', '10', '--watch', '600', '--few-answers', 'promote']],
  ] as const)(
    'during %s exits with 130, undoes it, and tells what is in force',
    async (_, line, more, flags) => {
      const status = async () => {
        const { stdout } = await runScript('deploy', ['--status', '--target', 'local', '--json'], folder);
        return JSON.parse(stdout).models[0].aliases;
      };
      const { production } = await status();
      const run = retrain(3, flags, [...WEATHER_SETTINGS, ...more]);
      await run.saw(line);
      pressCtrlC(run.process);
      const { code, stdout, stderr } = await run.finished;
      // Retrainings have no such flag.
      expect(stdout).not.toContain('--resume');
      expect([code, stderr]).toEqual([130, expect.stringContaining(`in force: production ${production}`)]);
      expect(await status()).toMatchObject({ production });
      expect(await status()).not.toHaveProperty('canary');
    },
  );
});

it('a terminal that closes ends npm and its shell as well, whose signals are no second Ctrl-C', async () => {
  const run = retrain(3, [], [...WEATHER_SETTINGS, 'epochs=20000', 'patience=20000']);
  await run.saw('validation');
  run.process.kill('SIGHUP');
  await sleep(100);
  run.process.kill('SIGTERM');
  const { code, stderr } = await run.finished;
  expect([code, stderr]).toEqual([129, expect.stringContaining('in force: production')]);
});

it('SIGTERM once nobody reads the output any more undoes the run all the same, and ends with its code', async () => {
  const run = retrain(3, [], [...WEATHER_SETTINGS, 'epochs=20000', 'patience=20000']);
  await run.saw('validation');
  run.process.kill('SIGTERM');
  run.process.stdout!.destroy();
  const { code, stderr } = await run.finished;
  expect([code, stderr]).toEqual([143, expect.stringContaining('\nin force: ')]);
  expect(stderr).not.toMatch(/EPIPE|^ +at /m);
});

it.each([
  ['retrain', ['rain', '--name', 'Rain!'], 'lower-case letters'],
  ['retrain', ['rain', '--url', 'http://127.0.0.1:1'], 'http://127.0.0.1:1: no Worker answers'],
  ['deploy', ['--history', 'rian', '--target', 'local'], "expected one of rain; did you mean 'rain'?"],
  ['deploy', ['--status', 'rian', '--target', 'local'], "expected one of rain; did you mean 'rain'?"],
  ['train', ['rain', '--data', '..'], '--data ..: expected a table with named columns, found a folder: '],
  ['deploy', ['--status', 'rain'], 'artifacts/.bucket: npm run deploy -- --status rain --target local'],
] as const)('%s %j says what is wrong, and begins no run', async (script, flags, message) => {
  const { code, stderr } = await runScript(script, flags, folder);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  expect(readdirSync(join(folder, 'artifacts'))).not.toContain('Rain!');
});

it('of an address where no Worker answers, tells what is in force, and is in the history', async () => {
  const flags = ['rain', '--url', 'http://127.0.0.1:1', '--json'];
  const { code, stdout, stderr } = await runScript('retrain', flags, folder);
  const told = JSON.parse(stdout);
  const next = 'once the above is settled: npm run retrain -- rain --url http://127.0.0.1:1 --json';
  expect([code, told]).toMatchObject([2, { outcome: 'failed', model: 'rain', undone: [], next }]);
  expect(stderr.split('\n').slice(1)).toEqual([
    expect.stringMatching(/^in force: production \w{12}.*, as before this run$/),
    'undone: nothing, as nothing was changed',
    `next: ${next}`,
    '',
  ]);
  const history = await runScript('deploy', ['--history', 'rain', '--target', 'local'], folder);
  expect(history.stdout.trimEnd().split('\n').at(-1)).toContain(
    'failed: http://127.0.0.1:1: no Worker answers',
  );
});

it('tells a monitor how it ended', async () => {
  const told: string[] = [];
  const monitor = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      told.push(`${request.method} ${request.url} ${JSON.parse(body).outcome}`);
      response.end();
    });
  });
  await new Promise<void>((resolve) => monitor.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(monitor.address() as AddressInfo).port}/id`;
  expect((await retrain(4, ['--ping', url]).finished).code).toBe(0);
  const refused = await retrain(5, ['--ping', url, '--json', '--gate', 'enough:1000000']).finished;
  expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([
    3,
    {
      outcome: 'refused',
      undone: [],
      next: expect.stringMatching(
        /: npm run retrain -- rain --data .* --ping '<the same URL>' .* --accept enough$/,
      ),
    },
  ]);
  // No bucket is bound.
  const flags = ['rain', '--target', 'cloudflare', '--ping', url, '--json'];
  const unopened = await start('retrain', flags, folder).finished;
  expect([unopened.code, JSON.parse(unopened.stdout)]).toMatchObject([
    2,
    { outcome: 'failed', reason: expect.stringContaining('binding MODELS') },
  ]);
  expect(told).toEqual(['POST /id promoted', 'POST /id/fail refused', 'POST /id/fail failed']);
  monitor.close();
});
