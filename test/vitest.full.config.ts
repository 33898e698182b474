import { defineConfig } from 'vitest/config';
import { requireEverything } from './support/suites/requirements.ts';
import { filesOfQuick } from './support/suites/suites.ts';
import { configOf } from './vitest.config.ts';

requireEverything();

/** Set to leave out what `npm test` has just run on the same commit. */
const { AFTER_QUICK } = process.env;

export default defineConfig(configOf('full', AFTER_QUICK ? filesOfQuick(import.meta.dirname) : []));
