/**
 * Spaces that are searched without `--space`, as it takes them. Code sizes are not in them: a wider code nearly
 * always has the lower loss, and its cost is for the user to weigh. Neither is what changes the meaning of the loss.
 */
import type { VariantName } from '../../training/models/registry.ts';
import type { VariantChoice } from '../../training/models/variantChoice.ts';

const OPTIMIZER = ['learningRate=3e-4..3e-2', 'batchSize=32,64,128,256'] as const;
const HIDDEN = 'hidden=[64],[128],[256],[128,64],[256,128]';
const ACTIVATION = 'activation=relu,elu,tanh';
const DENSE = [...OPTIMIZER, HIDDEN, ACTIVATION] as const;

const DEFAULT_SPACES = {
  contractive: [...OPTIMIZER, 'hidden=[],[64],[128]'],
  convolutional: [...OPTIMIZER, 'filters=[8,16],[16,32],[32,64]', 'hidden=[],[128]'],
  denoising: DENSE,
  elsa: ['learningRate=1e-3..1e-1', 'batchSize=64,128,256', 'codeSize=64,128,256'],
  recommender: [
    'learningRate=1e-3..3e-2',
    'batchSize=64,128,256',
    'itemDropout=0.2..0.7',
    'codeSize=100,200,400',
  ],
  sequence: ['learningRate=1e-3..2e-2', 'batchSize=16,32,64', 'units=16,32,64'],
  'similarity-preserving': ['learningRate=3e-4..1e-2', 'batchSize=256,512,1024', 'residualSize=0,256,512'],
  sparse: [...OPTIMIZER, HIDDEN],
  undercomplete: DENSE,
  variational: [...OPTIMIZER, 'hidden=[128],[256],[400],[256,128]'],
  'vector-quantized': [...OPTIMIZER, 'hidden=[128],[256],[400]', 'codebookDecay=0.9,0.95,0.99'],
} as const satisfies Record<VariantName, readonly string[]>;

/** Settings that decide how well anomalies are detected, which no loss shows. */
const DETECTION = ['codeSize=2,4,8,16', 'rowScore=ensemble,joint,error'] as const;
const DETECTING: readonly string[] = ['roc-auc', 'average-precision'];

/**
 * Returns the space of a variant, for the metric that trials are judged by; of a variant that a project defines, that of
 * the optimizer.
 */
export function defaultSpace(variant: VariantChoice, by: string): readonly string[] {
  const own = typeof variant === 'string' ? DEFAULT_SPACES[variant] : OPTIMIZER;
  return DETECTING.includes(by) ? [...own, ...DETECTION] : own;
}
