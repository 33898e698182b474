/** The commands of the page on retraining. */
import { expect } from 'vitest';
import { type Check, newReader, PAGES, testCommands } from '../support/docs.ts';
import { retrainBench } from '../support/retrainRun.ts';
import { WEATHER_SETTINGS, weatherRows, writeWeather } from '../support/weather.ts';

const { folder, sh, finishes } = newReader();

/** Of these, an account would be needed for most. */
const FIRST_DEPLOYMENT = [
  'npx wrangler login',
  'npx wrangler r2 bucket create latentedge-models',
  'npm run train -- rain',
  'npm run deploy',
  'npm run key -- --name web --scopes infer',
  'npm run key -- --name retrain --scopes infer admin',
  'npx wrangler secret put API_KEYS',
];

const COMMANDS: Readonly<Record<string, Check>> = {
  // Its 30 epochs are for the nightly job.
  'npm run retrain -- rain --target local': (command) => finishes(`${command} --set epochs=2`),
  'npm run deploy -- --status --target local\nnpm run deploy -- --history rain --target local\nnpm run deploy -- --rollback rain --target local':
    async (command) => {
      const [status, history, rollback] = command.split('\n') as [string, string, string];
      expect((await sh(status)).stdout).toMatch(/^rain: production [0-9a-f]{12}/m);
      expect((await sh(history)).stdout).toContain('promoted');
      // That it goes back is tested in retrain.test.ts; this is the first version.
      await expect(sh(rollback)).rejects.toThrow('expected a canary or a version before');
    },
  // What is done to an account is tested with --dry-run, below and in retrainFaults.test.ts.
  [FIRST_DEPLOYMENT.join('\n')]: async () => {
    for (const line of FIRST_DEPLOYMENT.filter((each) => each.includes('npm run key')))
      expect((await sh(line)).stdout).toMatch(/"sha256":"[0-9a-f]{64}"/);
  },
  'npm run retrain -- rain --target cloudflare --release aliases --dry-run\nnpm run retrain -- rain --target cloudflare --release aliases':
    async (command) => {
      const bench = await retrainBench();
      try {
        for (const line of command.split('\n')) {
          const data = writeWeather(`${folder}/artifacts/weather.csv`, weatherRows(1));
          const flags = `--data ${data} --set ${WEATHER_SETTINGS.join(' ')}`;
          const { stdout } = await sh(`${line} ${flags}`, bench.environment);
          expect(stdout).toMatch(/^rain@[0-9a-f]{12}: promoted$/m);
        }
      } finally {
        await bench.dispose();
      }
    },
};

testCommands(PAGES.retraining, (command) => COMMANDS[command]);
