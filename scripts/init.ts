import { command, run } from './cli/command.ts';

await run(command('init', 'Write a small project of your own.'));
