import { defineConfig } from 'vitest/config';
import { requireEverything } from './support/suites/requirements.ts';
import { configOf } from './vitest.config.ts';

requireEverything();

export default defineConfig(configOf('full'));
