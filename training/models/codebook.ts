/** Codebooks of vector-quantized autoencoders: learned entries, of which the nearest stands for a vector. */
import { argMax } from '../graph/ops/argMax.ts';
import { add, div, mul, sub } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { concat } from '../graph/ops/concat.ts';
import { gather } from '../graph/ops/gather.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import { oneHot } from '../graph/ops/oneHot.ts';
import { square } from '../graph/ops/powers.ts';
import { reshape } from '../graph/ops/reshape.ts';
import { elementCount, toFloat32, toInt64 } from '../graph/ops/shape.ts';
import { unsqueeze } from '../graph/ops/squeeze.ts';
import { step } from '../graph/ops/step.ts';
import type { Value } from '../graph/types.ts';
import { scalar, variable } from '../graph/value.ts';
import type { Context } from '../layers/layer.ts';

export interface CodebookOptions {
  /** Number of entries. */
  readonly codebookSize: number;
  /** Width of an entry. */
  readonly embeddingSize: number;
  /** Width of a code, a multiple of that. */
  readonly codeSize: number;
  /** Share of an entry's running mean that a step keeps. */
  readonly codebookDecay: number;
  /** Number of codebooks, each for what the ones before have left. */
  readonly levels: number;
}

/** The entries that stand for the vectors of a batch. */
export interface Quantized {
  /** `[N, codeSize]`: the sums of the entries of all levels. */
  readonly code: Value;
  /** The sums up to each level. */
  readonly partial: readonly Value[];
  /** Numbers of entries, float32 `[N, codeSize / embeddingSize x levels]`: for each vector, one after another level. */
  readonly indices: Value;
  /** Scores of all entries `[choices, codebookSize]`, in the same order; the highest is chosen. */
  readonly scores: Value;
  /** One-hot choices of each level, `[vectors, codebookSize]`. */
  readonly used: readonly Value[];
}

/**
 * Creates residual codebooks: the first is for the vectors of `encoded [N, codeSize]`, each further one for what is left of
 * them (Lee et al., 2022; with a codebook of its own per level, as in Rajput et al., 2023). With one level, that is a plain
 * codebook.
 */
export function residualCodebooks(options: CodebookOptions) {
  const { levels, codeSize, embeddingSize, codebookSize } = options;
  const books = Array.from({ length: levels }, (_, level) =>
    codebookOf(level === 0 ? 'codebook' : `codebook_${level}`, options),
  );
  const choices = (codeSize / embeddingSize) * levels;
  /** Columns of each level, next to each other for each vector. */
  const joined = (columns: readonly Value[]) => (columns.length === 1 ? columns[0]! : concat(columns, 1));
  /** With a context of training, the entries learn. */
  return (encoded: Value, context?: Context): Quantized => {
    let left = encoded;
    const partial: Value[] = [];
    const found = books.map((book) => {
      const nearest = book.nearest(left);
      const used = oneHot(nearest.indices, codebookSize);
      if (context !== undefined) book.learn(left, used, context);
      const before = partial.at(-1);
      partial.push(before === undefined ? nearest.code : add(before, nearest.code));
      left = sub(left, nearest.code);
      return { ...nearest, used };
    });
    const indices = found.map(({ indices }) => reshape(toFloat32(indices), [-1, 1]));
    return {
      ...{ code: partial.at(-1)!, partial, used: found.map(({ used }) => used) },
      indices: reshape(joined(indices), [-1, choices]),
      scores: reshape(joined(found.map(({ scores }) => scores)), [-1, codebookSize]),
    };
  };
}

/** Entries that are chosen less often than this share of the mean frequency are restarted. */
const DEAD_SHARE = 0.1;

/**
 * Creates the codebook. Entries are running means of the vectors that chose them (appendix A.1 of the paper),
 * which is faster than gradients and needs no learning rate. Rarely chosen entries are replaced with random
 * vectors of the batch (Dhariwal et al., 2020, "random restarts"). The first step replaces nearly all, so
 * that they match the encoder's output.
 */
function codebookOf(name: string, { codebookSize, embeddingSize, codeSize, codebookDecay }: CodebookOptions) {
  const state = (part: string, shape: readonly number[]) =>
    variable(`${name}/${part}`, shape, new Float32Array(shape.reduce((size, each) => size * each)));
  const entries = state('entries', [codebookSize, embeddingSize]);
  /**
   * Running means over the vectors of a batch, per entry: 1 if a vector chose it, and that vector; otherwise
   * 0.
   */
  const shares = state('shares', [codebookSize]);
  const sums = state('sums', [codebookSize, embeddingSize]);
  const vectorsOf = (encoded: Value) => reshape(encoded, [-1, embeddingSize]);
  return {
    /**
     * Finds the entry nearest to each vector of `encoded [N, codeSize]`: the code, int64 indices, and scores
     * of all entries.
     */
    nearest: (encoded: Value) => {
      // |v - e|^2 = |v|^2 - 2 (v e - |e|^2 / 2), so the nearest entry maximises v e - |e|^2 / 2.
      const bias = mul(scalar(-0.5), reduceSum(square(entries), [1]));
      const scores = gemm(vectorsOf(encoded), entries, { transB: true, bias });
      const indices = argMax(scores, 1);
      return { code: reshape(gather(entries, indices, 0), [-1, codeSize]), indices, scores };
    },
    /** Updates the codebook from `encoded` and the one-hot choices `used [vectors, codebookSize]`. */
    learn: (encoded: Value, used: Value, context: Context) => {
      const vectors = vectorsOf(encoded);
      const count = elementCount(reduceSum(vectors, [1]));
      const running = (mean: Value, next: Value) =>
        add(mul(scalar(codebookDecay), mean), mul(scalar(1 - codebookDecay), next));
      const nextShares = running(shares, reduceMean(used, [0]));
      const nextSums = running(sums, div(gemm(used, vectors, { transA: true }), count));
      const mean = 1 / codebookSize;
      const dead = step(sub(scalar(DEAD_SHARE * mean), nextShares));
      const picks = toInt64(mul(context.noise('restarts', [codebookSize], 'uniform'), count));
      const restarted = mul(scalar(mean), gather(vectors, picks, 0));
      const keptShares = add(nextShares, mul(dead, sub(scalar(mean), nextShares)));
      const keptSums = add(nextSums, mul(unsqueeze(dead, [1]), sub(restarted, nextSums)));
      context.update(shares, keptShares);
      context.update(sums, keptSums);
      context.update(entries, div(keptSums, unsqueeze(keptShares, [1])));
    },
  };
}
