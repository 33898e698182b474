/** The commands of the page on retraining. */
import { expect } from 'vitest';
import { type Check, newReader, PAGES, testCommands } from '../support/commands/docs.ts';
import { writeProject } from '../support/commands/project.ts';
import { retrainBench } from '../support/commands/retrainRun.ts';

const { folder, sh, finishes } = newReader();
/** 40 are for the nightly job. */
const FEWER_EPOCHS = '--set epochs=15';

/** Of these, an account would be needed for most. */
const FIRST_DEPLOYMENT = [
  'npx wrangler login',
  'npx wrangler r2 bucket create latentedge-models',
  'npm run train -- digits',
  'npm run deploy',
  'npm run key -- --name web --scopes infer',
  'npm run key -- --name retrain --scopes infer admin',
  'npx wrangler secret put API_KEYS',
];

const COMMANDS: Readonly<Record<string, Check>> = {
  // Enough epochs to be better than PCA.
  'npm run retrain -- digits --target local': (command) => finishes(`${command} ${FEWER_EPOCHS}`),
  'npm run deploy -- --status --target local\nnpm run deploy -- --history digits --target local\nnpm run deploy -- --rollback digits --target local':
    async (command) => {
      const [status, history, rollback] = command.split('\n') as [string, string, string];
      expect((await sh(status)).stdout).toMatch(/^digits: production [0-9a-f]{12}/m);
      expect((await sh(history)).stdout).toContain('promoted');
      // That it goes back is tested in retrain.slow.test.ts; this is the first version.
      await expect(sh(rollback)).rejects.toThrow('expected a canary or a version before');
    },
  'npm run models -- list\nnpm run models -- prune --keep 5 --dry-run\nnpm run models -- backup artifacts/backup':
    async (command) => {
      const { stdout } = await sh(command);
      expect(stdout).toMatch(/^digits@[0-9a-f]{12} .* bucket, disk {2}production$/m);
      expect(stdout).toContain('objects copied to artifacts/backup');
    },
  // What is done to an account is tested with --dry-run, below and in retrainFaults.slow.test.ts.
  [FIRST_DEPLOYMENT.join('\n')]: async () => {
    for (const line of FIRST_DEPLOYMENT.filter((each) => each.includes('npm run key')))
      expect((await sh(line)).stdout).toMatch(/"sha256":"[0-9a-f]{64}"/);
  },
  'npm run retrain -- digits --target cloudflare --release aliases --dry-run\nnpm run retrain -- digits --target cloudflare --release aliases':
    async (command) => {
      writeProject(folder);
      const bench = await retrainBench();
      try {
        for (const line of command.split('\n')) {
          const { stdout } = await sh(`${line} ${FEWER_EPOCHS}`, bench.environment);
          const outcome = line.includes('--dry-run') ? 'would be promoted' : 'promoted';
          expect(stdout).toMatch(new RegExp(`^digits@[0-9a-f]{12}: ${outcome}$`, 'm'));
        }
      } finally {
        await bench.dispose();
      }
    },
};

testCommands(PAGES.retraining, (command) => COMMANDS[command]);
