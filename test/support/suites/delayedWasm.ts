/** Has V8 optimize WebAssembly in the processes of tests as late as in those of commands, which test models as little. */
import { delayOptimizedWasm } from '../../../scripts/cli/delayOptimizedWasm.ts';

delayOptimizedWasm();
